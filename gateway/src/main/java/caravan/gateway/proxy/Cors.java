package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** Which browsers' pages may call us: those of explicit origins, never "*". Tokens travel in a header, so no credentials. */
@Singleton
public class Cors {

    private static final String REQUEST_HEADERS =
            "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, Consistency-Token,"
                    + " X-Request-Id, traceparent, tracestate";

    private static final String EXPOSED =
            "RateLimit, RateLimit-Policy, ETag, Location, Link, X-Request-Id, Consistency-Token, Retry-After,"
                    + " Idempotent-Replayed, WWW-Authenticate, Age, Cache-Status";

    /** Browsers ask again after ten minutes. */
    private static final String MAX_AGE_S = "600";

    private final Set<String> origins;

    @Inject
    Cors(ProxyConfig config) {
        this(config.corsOrigins().orElse(List.of()));
    }

    Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Every answer of ours, problems too: a page that cannot read a problem cannot act on it. */
    public void apply(RoutingContext context) {
        if (origins.isEmpty()) {
            return;
        }
        MultiMap headers = context.response().headers();
        headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin != null && origins.contains(origin)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    /** Answers OPTIONS, a preflight or not, at the edge. After {@link #apply}. */
    public void preflight(RoutingContext context, String allow) {
        MultiMap headers = context.response().headers();
        headers.set(HttpHeaders.ALLOW, allow);
        if (headers.contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            headers.remove(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS)
                    .set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, allow)
                    .set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
                    .set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
        }
        if (!context.request().isEnded()) {
            context.request().resume();
        }
        context.response().setStatusCode(204).end();
    }
}
