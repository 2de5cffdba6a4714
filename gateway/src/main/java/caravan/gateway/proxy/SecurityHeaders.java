package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** What browsers are told about every answer. Pages that need more say so after this. */
@Singleton
public class SecurityHeaders {

    static final CharSequence CONTENT_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");

    private static final CharSequence OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence FRAMES = HttpHeaders.createOptimized("X-Frame-Options");
    private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");
    private static final CharSequence NOTHING =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
    private static final CharSequence TRANSPORT = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence TWO_YEARS = HttpHeaders.createOptimized("max-age=63072000; includeSubDomains");

    private final ClientAddress addresses;

    SecurityHeaders(ClientAddress addresses) {
        this.addresses = addresses;
    }

    public void apply(RoutingContext context) {
        MultiMap headers = context.response()
                .headers()
                .set(OPTIONS, NOSNIFF)
                .set(REFERRER, NO_REFERRER)
                .set(FRAMES, DENY)
                .set(CONTENT_POLICY, NOTHING);
        if (isHttps(context.request())) {
            headers.set(TRANSPORT, TWO_YEARS);
        }
    }

    /** Also when a proxy of ours has taken TLS off. */
    boolean isHttps(HttpServerRequest request) {
        return request.isSSL()
                || (addresses.isForwarded(request) && "https".equals(request.getHeader("X-Forwarded-Proto")));
    }
}
