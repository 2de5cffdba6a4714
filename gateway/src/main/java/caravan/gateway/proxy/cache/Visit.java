package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Route;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request that may be answered from memory. Confined to its event loop.
 *
 * @param token the answer must tell of the write that this one came with: only the service can see to that
 */
record Visit(
        RoutingContext context,
        Route route,
        Key key,
        Coding coding,
        Wish wish,
        Conditions conditions,
        @Nullable String token) {

    static final String TOKEN = "Consistency-Token";

    /** Empty for a request that only the service can answer. */
    static Optional<Visit> of(RoutingContext context, Route route, Editions editions) {
        MultiMap headers = context.request().headers();
        if (!isUsual(context.request())) {
            return Optional.empty();
        }
        Key key;
        try {
            key = Key.of(
                    context.normalizedPath(),
                    context.queryParams(),
                    route.traits().caching(),
                    editions);
        } catch (HttpException _) {
            // A query that cannot be read: the service says so.
            return Optional.empty();
        }
        String token = headers.get(TOKEN);
        Wish wish = Wish.of(headers);
        return Optional.of(new Visit(
                context,
                route,
                key,
                Coding.of(headers.getAll(HttpHeaders.ACCEPT_ENCODING)),
                token == null ? wish : wish.andAsked(),
                Conditions.of(headers),
                token));
    }

    /** A range is not unusual: whoever asks for a part may be given all of it (RFC 9110, section 14.2). */
    private static boolean isUsual(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        return (length == null || length.equals("0"))
                && Stream.of(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.IF_MATCH, "If-Unmodified-Since")
                        .noneMatch(headers::contains)
                && Accepting.json(headers.getAll(HttpHeaders.ACCEPT));
    }

    MultiMap headers() {
        return context.request().headers();
    }

    /** Somebody looks at it. */
    boolean isLook() {
        return HttpMethod.GET.equals(context.request().method());
    }

    /** Nobody is there any more. */
    boolean isGone() {
        return context.response().closed() || context.response().ended();
    }

    boolean isSuitedBy(Answer answer) {
        return answer.vary().suits(headers());
    }
}
