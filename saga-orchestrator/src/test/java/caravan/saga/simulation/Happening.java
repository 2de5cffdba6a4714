package caravan.saga.simulation;

import caravan.common.messaging.Direction;
import caravan.saga.engine.Verb;

/** One thing that happens in a scenario and can be left out. Times are milliseconds from the start. */
sealed interface Happening {

    /**
     * A customer orders.
     *
     * @param declined the card network says no
     * @param abroad no carrier goes there
     */
    record Placed(int order, long atMs, int tea, int rice, boolean declined, boolean abroad) implements Happening {}

    record CancelAsked(int order, long atMs) implements Happening {}

    /** A process dies when it passes the boundary for the nth time, and starts again later. */
    record Crashed(String node, Boundary boundary, int nth, long downMs) implements Happening {}

    /** A process stands still there, is taken for dead, and goes on. */
    record Paused(String node, Boundary boundary, int nth, long forMs) implements Happening {}

    record Rebalanced(String service, long atMs) implements Happening {}

    /** Nobody reads the partition for a while. */
    record Stalled(String topic, int partition, long atMs, long forMs) implements Happening {}

    /** The nth record comes again later. */
    record Repeated(int nth, long afterMs) implements Happening {}

    /** The broker loses the nth record although it had acknowledged it. */
    record Lost(int nth) implements Happening {}

    /** Why a handler fails. */
    enum Trouble {
        /** It passes by itself. */
        PASSES,
        /** Of its own; three times is a dead letter. */
        DEFECT,
        /** Nobody can read it until the faults are repaired. */
        POISON
    }

    /** Handling this command, or its reply, fails so often. */
    record Failing(int order, String step, Direction direction, boolean reply, Trouble trouble, int times)
            implements Happening {}

    record Away(String service, long atMs, long forMs) implements Happening {}

    record NetworkAway(long atMs, long forMs) implements Happening {}

    /** The card network does what it is asked the nth time, and its answer gets lost. */
    record NetworkSilent(int nth) implements Happening {}

    /** An operator's order; what is skipped has been taken back by hand. */
    record Operated(int order, boolean cancelling, Verb verb, long atMs) implements Happening {}

    /** All dead letters are replayed. */
    record Replayed(long atMs) implements Happening {}
}
