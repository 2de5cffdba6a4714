package caravan.gateway.session.key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "caravan.gateway.session.keys")
interface KeyConfig {

    @WithDefault("30d")
    Duration rotateEvery();

    /** How long a key is published before it signs: twice as long as verifiers may keep the key set (max-age 300 s). */
    @WithDefault("10m")
    Duration publishBefore();

    /** How often each gateway reads the keys again. Far below {@code publish-before}, so that nobody misses a key. */
    @WithDefault("5s")
    Duration refreshEvery();

    /** How long a key is published after it signed last, beyond the life of its tokens: a gateway may learn late. */
    @WithDefault("5m")
    Duration keepMargin();
}
