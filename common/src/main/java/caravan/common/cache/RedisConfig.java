package caravan.common.cache;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patient a {@link RedisLine} is. */
public interface RedisConfig {

    /**
     * An answer that takes longer ends the connection. Redis needs less than a millisecond; the rest is for a machine that is busy
     * with other things: giving up too early costs the protection from herds just when it is needed.
     */
    @WithDefault("250ms")
    Duration timeout();

    /** How often a Redis that is away is looked for. Meanwhile nobody waits for it. */
    @WithDefault("200ms")
    Duration probeEvery();
}
