package caravan.gateway.proxy.cache;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How long an answer may be used, as the service says (RFC 9111, section 4.2), since it was made.
 *
 * @param freshMs without asking
 * @param graceMs beyond that, while the service cannot be asked (RFC 5861)
 */
record Lifetime(long freshMs, long graceMs) {

    /** Of an answer that may be kept for everybody; empty for any other. */
    static Optional<Lifetime> of(int status, MultiMap headers, Duration mostGrace) {
        CacheControl said = CacheControl.of(headers.getAll(HttpHeaders.CACHE_CONTROL));
        OptionalLong fresh = said.has("s-maxage") ? said.seconds("s-maxage") : said.seconds("max-age");
        boolean forAll = said.has("public")
                && Stream.of("private", "no-store", "no-cache").noneMatch(said::has)
                && !headers.contains(HttpHeaders.SET_COOKIE);
        return forAll && (status == 200 || status == 404) && fresh.orElse(0) > 0
                ? Optional.of(new Lifetime(1000 * fresh.getAsLong(), graceMs(said, mostGrace)))
                : Optional.empty();
    }

    /** What may be shown while somebody finds out may as well be shown while nobody can find out. */
    private static long graceMs(CacheControl said, Duration most) {
        if (Stream.of("must-revalidate", "proxy-revalidate", "s-maxage").anyMatch(said::has)) {
            return 0;
        }
        OptionalLong seconds =
                said.has("stale-if-error") ? said.seconds("stale-if-error") : said.seconds("stale-while-revalidate");
        return Math.min(most.toMillis(), 1000 * seconds.orElse(0));
    }

    long totalMs() {
        return freshMs + graceMs;
    }
}
