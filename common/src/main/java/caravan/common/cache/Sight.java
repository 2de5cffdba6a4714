package caravan.common.cache;

import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * What {@code look.lua} says.
 *
 * @param token of the lease, when this look took it; else null
 * @param due missing, or to be loaded anew
 * @param nowUs on Redis' clock, when it looked: what is loaded from now on is no older
 * @param goneUs when the entry was invalidated, unless it was stored again since; 0 when nobody knows of that
 */
record Sight(
        @Nullable String token,
        boolean due,
        long nowUs,
        long goneUs,
        @Nullable Entry entry) {

    private static final int DUE = 1;
    private static final int TAKEN = 2;

    static Sight of(Response answer, String token, long askedNs) {
        int state = answer.get(1).toInteger();
        return new Sight(
                state == TAKEN ? token : null,
                state >= DUE,
                answer.get(0).toLong(),
                answer.get(2).toLong(),
                Entry.of(answer, 3, askedNs));
    }
}
