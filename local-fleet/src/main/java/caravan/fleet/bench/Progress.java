package caravan.fleet.bench;

import java.io.PrintStream;

/** Lines for whoever waits. Any thread. */
public final class Progress {

    private static final long EVERY_NS = 2_000_000_000L;

    private final PrintStream out;
    private final long startNs = System.nanoTime();
    private long lastNs = System.nanoTime();

    public Progress(PrintStream out) {
        this.out = out;
    }

    public synchronized void say(String line) {
        out.printf("%6.1f s  %s%n", (System.nanoTime() - startNs) / 1e9, line);
    }

    /** Said every other second at most. */
    public synchronized void part(long done, long all, String what) {
        long now = System.nanoTime();
        if (now - lastNs > EVERY_NS) {
            lastNs = now;
            say("  %d of %d %s".formatted(done, all, what));
        }
    }
}
