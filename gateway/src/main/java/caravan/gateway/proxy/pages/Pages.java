package caravan.gateway.proxy.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** What all pages have in common. */
final class Pages {

    /** After the pipeline, before anything that Quarkus would serve. */
    static final int ORDER = 10;

    static final String NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

    /** They change with a deployment. */
    private static final String CACHING = "public, max-age=300";

    private Pages() {}

    static void send(RoutingContext context, String type, String policy, Buffer body) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, CACHING)
                .putHeader("Content-Security-Policy", policy)
                .end(body);
    }
}
