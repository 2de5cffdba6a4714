package caravan.fleet.chaos;

import caravan.fleet.Ports;
import java.time.Duration;

/** One way to hurt a fleet. */
public sealed interface Fault {

    /** What faults are dealt and reported by. */
    enum Kind {
        KILL_SERVICE("kill -9 of a service"),
        KILL_SERVER("kill -9 of a server"),
        STOP_SERVICE("SIGSTOP of a service"),
        STOP_SERVER("SIGSTOP of a server"),
        END_SESSIONS("end of all database sessions"),
        RESET_BROKER("reset of all broker connections"),
        PARTITION("partition of a service"),
        SLOW_DISK("slow disk");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    Kind kind();

    /** For people. */
    String text();

    /** How long it lasts before it is healed; nothing for what is over at once or heals by itself. */
    default Duration hold() {
        return Duration.ZERO;
    }

    /** The process dies without a word; its keeper starts it again. */
    record Kill(String part) implements Fault {
        @Override
        public Kind kind() {
            return Ports.SERVICES.contains(part) ? Kind.KILL_SERVICE : Kind.KILL_SERVER;
        }

        @Override
        public String text() {
            return "kill -9 " + part;
        }
    }

    /** The process stands still and keeps all it has: connections, locks, partitions, its belief of what time it is. */
    record Stop(String part, Duration hold) implements Fault {
        @Override
        public Kind kind() {
            return Ports.SERVICES.contains(part) ? Kind.STOP_SERVICE : Kind.STOP_SERVER;
        }

        @Override
        public String text() {
            return "stop " + part + lasting(hold);
        }
    }

    /** The primary ends every session, whatever it is in the middle of. */
    record EndSessions() implements Fault {
        @Override
        public Kind kind() {
            return Kind.END_SESSIONS;
        }

        @Override
        public String text() {
            return "end all database sessions";
        }
    }

    /** Every connection between a service and the broker is reset. */
    record ResetBroker() implements Fault {
        @Override
        public Kind kind() {
            return Kind.RESET_BROKER;
        }

        @Override
        public String text() {
            return "reset all broker connections";
        }
    }

    /** Nothing passes between one service and its databases, the broker, Redis and the card network; afterwards what was sent arrives late. */
    record Partition(String service, Duration hold) implements Fault {
        @Override
        public Kind kind() {
            return Kind.PARTITION;
        }

        @Override
        public String text() {
            return "cut off " + service + lasting(hold);
        }
    }

    /** Each time the part forces data to the disk it takes so much longer. */
    record SlowDisk(String part, Duration perFlush, Duration hold) implements Fault {
        @Override
        public Kind kind() {
            return Kind.SLOW_DISK;
        }

        @Override
        public String text() {
            return "slow disk for " + part + " (" + perFlush.toMillis() + " ms a flush)" + lasting(hold);
        }
    }

    private static String lasting(Duration hold) {
        return " for " + hold.toSeconds() + " s";
    }
}
