package caravan.common.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a reader is given.
 *
 * @param value null when there is nothing
 * @param readNs when it was read from the database, by {@link System#nanoTime}: not after that, and hardly before
 * @param cached whether it was there before somebody asked
 */
public record Served<T>(@Nullable T value, long readNs, boolean cached) {

    /** How old it is by now; never less than that. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, System.nanoTime() - readNs));
    }
}
