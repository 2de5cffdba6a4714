package caravan.fleet;

import java.util.Locale;
import java.util.function.Consumer;

/** Progress for people: one line per event, with the seconds since the start. */
final class Console {
    private final Consumer<String> lines;
    private final long startNs = System.nanoTime();

    Console(Consumer<String> lines) {
        this.lines = lines;
    }

    void say(String event) {
        lines.accept(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - startNs) / 1e9, event));
    }
}
