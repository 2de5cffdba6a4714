package caravan.fleet.prefill;

import java.util.Locale;
import java.util.function.Consumer;

/** How far a filling is and how long it will take. Any thread. */
final class Pace {

    private static final long SAY_EVERY_NS = 5_000_000_000L;

    private final Consumer<String> progress;
    private final long all;
    private final long startNs = System.nanoTime();
    private long saidNs = System.nanoTime();
    private long rows;

    Pace(Consumer<String> progress, long all) {
        this.progress = progress;
        this.all = all;
    }

    synchronized void rows(long more) {
        rows += more;
        if (System.nanoTime() - saidNs > SAY_EVERY_NS) {
            saidNs = System.nanoTime();
            progress.accept(String.format(
                    Locale.ROOT,
                    "  %.1f %%, %,d rows/s, %d s to go",
                    100.0 * rows / all,
                    rowsPerSecond(),
                    Math.max(0, all - rows) / Math.max(1, rowsPerSecond())));
        }
    }

    synchronized long rowsPerSecond() {
        return (long) (rows / ((System.nanoTime() - startNs) / 1e9));
    }
}
