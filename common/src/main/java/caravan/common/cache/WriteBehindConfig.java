package caravan.common.cache;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about a {@link WriteBehind}. */
public interface WriteBehindConfig {

    /** Off: every count is a statement of its own. */
    @WithDefault("true")
    boolean enabled();

    /** For which counts are summed here: what a process that is killed may lose, and one request to Redis each. */
    @WithDefault("1s")
    Duration addEvery();

    /** What a Redis that loses its data may lose, and one statement each, of whichever process comes first. */
    @WithDefault("10s")
    Duration flushEvery();

    /** Keys between two flushes, here and in Redis; some 100 bytes each. More are not counted. */
    @WithDefault("10000")
    int mostKeys();

    /** How long others leave a flusher that has died alone. A flush takes milliseconds. */
    @WithDefault("10s")
    Duration leaseLife();
}
