package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Caching;
import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes what is known to whoever asked. What the gateway says to each by itself is on the response already. */
final class Reply {

    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");

    /** What somebody who has the body needs to know (RFC 9110, section 15.4.5). */
    private static final List<CharSequence> OF_UNCHANGED = List.of(
            HttpHeaders.ETAG,
            HttpHeaders.LAST_MODIFIED,
            HttpHeaders.CACHE_CONTROL,
            HttpHeaders.EXPIRES,
            HttpHeaders.DATE,
            HttpHeaders.VARY,
            HttpHeaders.CONTENT_LOCATION);

    private Reply() {}

    static void answer(Visit visit, Answer answer, long nowMs, Result result) {
        HttpServerResponse response = visit.context().response();
        long ttl = (answer.lifetime().freshMs() - answer.ageMs(nowMs)) / 1000;
        response.putHeader(HttpHeaders.AGE, Long.toString(answer.ageSeconds(nowMs)))
                .putHeader(CACHE_STATUS, result.status() + "; ttl=" + ttl);
        switch (answer.said()) {
            case Fetched.Trouble trouble -> trouble(visit, trouble);
            case Fetched.Whole whole -> whole(visit, whole);
        }
    }

    /** What is for this one alone. */
    static void alone(Visit visit, Fetched.Said said, Result result) {
        mark(visit.context().response(), result);
        switch (said) {
            case Fetched.Trouble trouble -> trouble(visit, trouble);
            case Fetched.Whole whole -> whole(visit, whole);
        }
    }

    /** Somebody else writes the rest. */
    static void mark(HttpServerResponse response, Result result) {
        response.putHeader(CACHE_STATUS, result.status());
    }

    private static void whole(Visit visit, Fetched.Whole whole) {
        HttpServerResponse response = visit.context().response();
        Refusal.leaveBody(visit.context());
        boolean dated = visit.route().traits().caching() instanceof Caching.One;
        if (whole.status() == 200 && visit.conditions().hold(whole.headers(), dated)) {
            unchanged(response, whole.headers());
            return;
        }
        response.setStatusCode(whole.status()).headers().addAll(whole.headers());
        if (visit.isLook()) {
            response.end(whole.body());
        } else {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            Integer.toString(whole.body().length()))
                    .end();
        }
    }

    private static void unchanged(HttpServerResponse response, MultiMap known) {
        for (CharSequence name : OF_UNCHANGED) {
            if (known.contains(name)) {
                response.headers().add(name.toString(), known.getAll(name));
            }
        }
        response.setStatusCode(304).end();
    }

    /** As a problem of this request: its path, its id, its trace. */
    private static void trouble(Visit visit, Fetched.Trouble trouble) {
        for (CharSequence name : List.of(HttpHeaders.RETRY_AFTER, HttpHeaders.CACHE_CONTROL)) {
            if (trouble.headers().contains(name)) {
                visit.context().response().putHeader(name, trouble.headers().get(name));
            }
        }
        Refusal.send(visit.context(), trouble.type(), trouble.detail());
    }
}
