package caravan.gateway.proxy.cache;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about the cache, under {@code caravan.gateway.cache}. */
@ConfigMapping(prefix = "caravan.gateway.cache")
interface CacheConfig {

    /** Without it every request goes to its service. */
    @WithDefault("true")
    boolean enabled();

    /** Of all answers together: some eight thousand products, a twelfth of the gateway's heap in the local fleet. */
    @WithDefault("16M")
    MemorySize mostBytes();

    /** Of one answer: a page of a hundred products with long texts. A larger one goes past. */
    @WithDefault("512K")
    MemorySize mostBody();

    /** How long an answer may be shown beyond its time while its service cannot be asked, if the service allows as much. */
    @WithDefault("300s")
    Duration mostStale();

    /** The part of its life after which an answer that is often asked for is asked for anew, before anybody has to wait. */
    @WithDefault("0.8")
    double refreshFrom();

    /** Hits that make an answer one that is often asked for: fewer would make the service answer what nobody may want again. */
    @WithDefault("10")
    int refreshHits();

    /** Requests that may wait for answers that others have asked for. Each is a connection that is open anyway. */
    @WithDefault("10000")
    int waiting();
}
