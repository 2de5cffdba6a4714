package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Fetched;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the service said, for everybody who asks the same. Never changed, so for any thread.
 *
 * @param askedAtMs when the question was sent
 * @param bornAtMs when what it says was true: when it was asked, less the age that the answer came with. What was on its way
 *     counts as old (RFC 9111, section 4.2.3); the clocks of two machines are not compared
 */
record Answer(Fetched.Said said, Lifetime lifetime, Vary vary, long askedAtMs, long bornAtMs) {

    /** Told anew with each answer, or somebody's alone. */
    private static final List<CharSequence> OURS = List.of(HttpHeaders.AGE, HttpHeaders.CONTENT_LENGTH, Visit.TOKEN);

    /** Empty when it is not for everybody. */
    static Optional<Answer> of(Fetched.Said said, long askedAtMs, Duration mostGrace) {
        MultiMap headers = said.headers();
        Vary vary = Vary.of(headers);
        Optional<Lifetime> life = Lifetime.of(said.status(), headers, mostGrace);
        if (vary.byAnything() || life.isEmpty()) {
            return Optional.empty();
        }
        long bornAtMs = askedAtMs - 1000 * CacheControl.secondsOf(headers.getAll(HttpHeaders.AGE), 0);
        OURS.forEach(headers::remove);
        return Optional.of(new Answer(said, life.get(), vary, askedAtMs, bornAtMs));
    }

    /**
     * The same, confirmed by a 304 with these headers (RFC 9111, section 4.3.4). Empty when it speaks of another answer, or
     * says that this one may not be kept any more.
     */
    Optional<Answer> confirmed(MultiMap headers, long askedAgainAtMs, Duration mostGrace) {
        String tag = headers.get(HttpHeaders.ETAG);
        if (tag != null && !tag.equals(etag())) {
            return Optional.empty();
        }
        MultiMap merged = MultiMap.caseInsensitiveMultiMap().addAll(said.headers());
        headers.names().forEach(name -> merged.set(name, headers.getAll(name)));
        Fetched.Said same = switch (said) {
            case Fetched.Whole whole -> new Fetched.Whole(whole.status(), merged, whole.body());
            case Fetched.Trouble trouble -> new Fetched.Trouble(trouble.type(), trouble.detail(), merged);
        };
        return of(same, askedAgainAtMs, mostGrace);
    }

    long ageMs(long nowMs) {
        return Math.max(0, nowMs - bornAtMs);
    }

    /** Rounded up: nothing looks younger than it is. */
    long ageSeconds(long nowMs) {
        return (ageMs(nowMs) + 999) / 1000;
    }

    boolean isFresh(long nowMs) {
        return ageMs(nowMs) < lifetime.freshMs();
    }

    @Nullable
    String etag() {
        return said.headers().get(HttpHeaders.ETAG);
    }

    int bytes() {
        int size = said instanceof Fetched.Whole whole ? whole.body().length() : 0;
        for (var header : said.headers()) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }
}
