package caravan.common.cache;

import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Redis keeps of a key, as seen by this process.
 *
 * @param readNs when it was read from the database, on this process' own clock, or a little earlier
 * @param body null when it says that there is nothing
 */
@SuppressWarnings("ArrayRecordComponent")
record Entry(long readNs, long freshUs, long deadUs, long version, byte @Nullable [] body) {

    /**
     * Of {@code at, fresh, dead, version, body} in a script's answer; null when there is none. Redis' clock says how old the entry was
     * when the script ran, which was after the request left: by our clock it is at least that old.
     */
    static @Nullable Entry of(Response answer, int from, long askedNs) {
        if (answer.size() <= from || answer.get(from) == null) {
            return null;
        }
        long ageUs = answer.get(0).toLong() - answer.get(from).toLong();
        Response body = answer.get(from + 4);
        return new Entry(
                askedNs - TimeUnit.MICROSECONDS.toNanos(ageUs),
                answer.get(from + 1).toLong(),
                answer.get(from + 2).toLong(),
                answer.get(from + 3).toLong(),
                body == null ? null : body.toBytes());
    }

    boolean isFresh(long nowNs) {
        return nowNs - readNs < TimeUnit.MICROSECONDS.toNanos(freshUs);
    }

    boolean isDead(long nowNs) {
        return nowNs - readNs >= TimeUnit.MICROSECONDS.toNanos(deadUs);
    }
}
