package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** {@code ./caravan down}: ends a fleet, foreground or detached, and what a killed supervisor left behind. */
final class Down {
    /** Longer than a supervisor needs when every one of its parts has to be killed. */
    private static final Duration BOUND = Duration.ofSeconds(75);

    private Down() {}

    static int run(DataFolder folder) {
        boolean running =
                FleetLock.holder(folder).map(holder -> end(holder, folder)).orElse(false);
        // The lock says that no supervisor is left; what is still recorded belongs to nobody.
        try (FleetLock _ = FleetLock.take(folder)) {
            LeftOvers.end(folder, new Console(System.out::println));
            FleetState.remove(folder);
        }
        System.out.println(
                running ? "Caravan is down. The data stays in " + folder.root() + "." : "Caravan was not running.");
        new StartCacheMaker(StartCaches.of(folder), System.out::println).makeAll();
        return 0;
    }

    /** Whether the supervisor can leave to {@code down} what is to do when all has stopped: there somebody sees it. */
    static boolean requested(DataFolder folder) {
        return Files.exists(request(folder));
    }

    /** A {@code down} that was killed left its request behind. */
    static void forgetRequest(DataFolder folder) {
        try {
            Files.deleteIfExists(request(folder));
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder.root() + ": " + e.getMessage(), e);
        }
    }

    private static boolean end(ProcessHandle supervisor, DataFolder folder) {
        System.out.println("Stopping the fleet (pid " + supervisor.pid() + ") ...");
        try {
            Files.writeString(request(folder), "");
            PidFile.signal(supervisor, "TERM");
            if (!PidFile.awaitExit(supervisor, BOUND.toMillis())) {
                supervisor.destroyForcibly();
                PidFile.awaitExit(supervisor, Duration.ofSeconds(5).toMillis());
            }
            Files.deleteIfExists(request(folder));
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder.root() + ": " + e.getMessage(), e);
        }
        return true;
    }

    private static Path request(DataFolder folder) {
        return folder.run("down-requested");
    }
}
