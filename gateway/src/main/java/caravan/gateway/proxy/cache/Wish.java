package caravan.gateway.proxy.cache;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;

/**
 * How fresh a client wants it (RFC 9111, section 5.2.1). {@code max-stale} is not heard: nothing stale is shown while the
 * service can be asked.
 *
 * @param mostAgeMs of the answer
 * @param restMs that it must stay fresh
 * @param asked the service must have been asked after the request came
 * @param unseen what is answered to it must not be kept
 * @param onlyFromMemory the service must not be asked
 */
record Wish(long mostAgeMs, long restMs, boolean asked, boolean unseen, boolean onlyFromMemory) {

    private static final Wish NONE = new Wish(Long.MAX_VALUE, 0, false, false, false);

    static Wish of(MultiMap request) {
        if (!request.contains(HttpHeaders.CACHE_CONTROL)) {
            return isPragma(request) ? NONE.andAsked() : NONE;
        }
        CacheControl said = CacheControl.of(request.getAll(HttpHeaders.CACHE_CONTROL));
        return new Wish(
                said.has("max-age") ? 1000 * said.seconds("max-age").orElse(0) : Long.MAX_VALUE,
                1000 * said.seconds("min-fresh").orElse(0),
                said.has("no-cache"),
                said.has("no-store"),
                said.has("only-if-cached"));
    }

    /** The answer must tell of something that the client has done. */
    Wish andAsked() {
        return new Wish(mostAgeMs, restMs, true, unseen, onlyFromMemory);
    }

    /** Whether an answer will do without the service being asked. */
    boolean takes(Answer answer, long nowMs) {
        long age = answer.ageMs(nowMs);
        return !isForNow() && age + restMs < answer.lifetime().freshMs() && age <= mostAgeMs;
    }

    /** Also what was asked just before the request came is too old. */
    boolean isForNow() {
        return asked || mostAgeMs == 0;
    }

    /** Whether an answer will have to do because the service cannot be asked. Whoever insists on asking gets the problem. */
    boolean putsUpWith(Answer answer, long nowMs) {
        return !asked && answer.ageMs(nowMs) < answer.lifetime().totalMs();
    }

    private static boolean isPragma(MultiMap request) {
        String pragma = request.get("Pragma");
        return pragma != null && pragma.toLowerCase(Locale.ROOT).contains("no-cache");
    }
}
