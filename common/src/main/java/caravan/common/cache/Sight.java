package caravan.common.cache;

import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * What {@code look.lua} says.
 *
 * @param token of the lease, when this look took it; else null
 * @param nowMs on Redis' clock, when it looked: what is loaded from now on is no older
 */
record Sight(@Nullable String token, long nowMs, @Nullable Entry entry) {

    static Sight of(Response answer, String token, long askedNs) {
        long nowMs = answer.get(0).toLong();
        boolean taken = answer.get(1).toInteger() == 1;
        return new Sight(taken ? token : null, nowMs, Entry.of(answer, 2, nowMs, askedNs));
    }

    boolean taken() {
        return token != null;
    }
}
