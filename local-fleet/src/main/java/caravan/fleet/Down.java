package caravan.fleet;

import java.time.Duration;

/** {@code ./caravan down}: ends a fleet, foreground or detached, and what a killed supervisor left behind. */
final class Down {
    /** Longer than a supervisor needs when every one of its parts has to be killed. */
    private static final Duration BOUND = Duration.ofSeconds(75);

    private Down() {}

    static int run(DataFolder folder) {
        boolean running = FleetLock.holder(folder).map(Down::end).orElse(false);
        // The lock says that no supervisor is left; what is still recorded belongs to nobody.
        try (FleetLock _ = FleetLock.take(folder)) {
            LeftOvers.end(folder, new Console(System.out::println));
            FleetState.remove(folder);
        }
        System.out.println(
                running ? "Caravan is down. The data stays in " + folder.root() + "." : "Caravan was not running.");
        return 0;
    }

    private static boolean end(ProcessHandle supervisor) {
        System.out.println("Stopping the fleet (pid " + supervisor.pid() + ") ...");
        PidFile.signal(supervisor, "TERM");
        if (!PidFile.awaitExit(supervisor, BOUND.toMillis())) {
            supervisor.destroyForcibly();
            PidFile.awaitExit(supervisor, Duration.ofSeconds(5).toMillis());
        }
        return true;
    }
}
