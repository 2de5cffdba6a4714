package caravan.fleet;

import caravan.fleet.StartCaches.Entry;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Makes the caches of what was recorded, while nothing of the fleet runs. A cache is there as a whole or not at all; whoever ends this loses speed only. */
final class StartCacheMaker {
    private static final int AT_ONCE = 2;

    /** Exit codes above it are signals: somebody does not want to wait. */
    private static final int LAST_ORDINARY_EXIT_CODE = 128;

    private final StartCaches caches;
    private final Consumer<String> console;
    private final AtomicBoolean unwanted = new AtomicBoolean();

    StartCacheMaker(StartCaches caches, Consumer<String> console) {
        this.caches = caches;
        this.console = console;
    }

    void makeAll() {
        List<Entry> recorded = caches.recorded();
        if (recorded.isEmpty()) {
            return;
        }
        console.accept("Preparing quicker starts, once after a build (Ctrl-C puts it off) ...");
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            recorded.forEach(entry -> threads.execute(() -> make(entry)));
        }
    }

    private void make(Entry entry) {
        if (unwanted.get()) {
            return;
        }
        console.accept("  " + entry.program());
        try {
            int exitCode = new ProcessBuilder(Command.java(List.of("@" + entry.arguments()), List.of()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(entry.log().toFile()))
                    .start()
                    .waitFor();
            if (exitCode > LAST_ORDINARY_EXIT_CODE) {
                unwanted.set(true);
                return;
            }
            if (exitCode == 0) {
                Files.move(entry.draft(), entry.cache(), StandardCopyOption.ATOMIC_MOVE);
                Files.deleteIfExists(entry.log());
            } else {
                console.accept("  " + entry.program() + " has to do without: see " + entry.log());
                Files.deleteIfExists(entry.draft());
            }
            // Of no use any more; or of none at all, and recorded again.
            Files.deleteIfExists(entry.recorded());
            Files.deleteIfExists(entry.arguments());
        } catch (IOException e) {
            console.accept("  " + entry.program() + " has to do without: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
