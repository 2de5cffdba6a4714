package caravan.fleet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Processes that outlived their supervisor (it was killed, or the machine lost power and pids mean others now). */
final class LeftOvers {
    private static final Duration BOUND = Duration.ofSeconds(15);

    private LeftOvers() {}

    /** Ends what is recorded and still runs, forgets the rest. Call it only while holding the {@link FleetLock}. */
    static void end(DataFolder folder, Console console) {
        List<PidFile> recorded = folder.pidFiles().stream()
                .filter(file -> file.pid() != ProcessHandle.current().pid())
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            recorded.forEach(file -> threads.execute(() -> end(file, console)));
        }
    }

    private static void end(PidFile file, Console console) {
        if (file.process().isPresent()) {
            console.say("Ending " + file.name() + " (pid " + file.pid() + "), left over from an earlier run");
        }
        // TERM would make PostgreSQL wait for its clients.
        file.end(file.name().startsWith("postgresql") ? "INT" : "TERM", BOUND.toMillis());
    }
}
