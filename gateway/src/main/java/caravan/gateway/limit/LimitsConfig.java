package caravan.gateway.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What may be tuned, under {@code caravan.gateway.limits}. */
@ConfigMapping(prefix = "caravan.gateway.limits")
interface LimitsConfig {

    /** By name. */
    Map<String, PolicyRules> policy();

    /** Redis on the same network answers in well under a millisecond; a request that waits longer than this is worse than a guess. */
    @WithDefault("10ms")
    Duration redisTimeout();

    /** How often a Redis that is away is looked for, and so about how long after its return we share again. */
    @WithDefault("150ms")
    Duration probeEvery();

    /** Buckets remembered for the time without Redis, about 200 bytes each. The least used are forgotten first. */
    @WithDefault("100000")
    int remembered();

    /** {@code X-RateLimit-*} beside the standard headers, for clients that know no others. */
    @WithDefault("true")
    boolean legacyHeaders();

    interface PolicyRules {

        @WithDefault("caller")
        By by();

        /** Tokens in a full bucket. */
        long quota();

        /** In which an empty bucket refills. */
        Duration window();

        /** Route classes; all when absent. */
        Optional<Set<String>> routes();

        @WithDefault("enforce")
        Mode mode();
    }
}
