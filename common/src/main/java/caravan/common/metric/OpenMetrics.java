package caravan.common.metric;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Gives OpenMetrics to whoever can read it: only there do histograms have exemplars, which lead from a slow bucket to a trace.
 * Prometheus asks for it first and for plain text after that; Quarkus gives plain text to all who mention it.
 */
@Singleton
class OpenMetrics {

    private static final String OPEN_METRICS = "application/openmetrics-text";

    void prefer(@Observes ManagementInterface management) {
        management
                .router()
                .routeWithRegex(".*/metrics")
                .order(Integer.MIN_VALUE)
                .handler(OpenMetrics::prefer);
    }

    private static void prefer(RoutingContext context) {
        MultiMap headers = context.request().headers();
        String accept = headers.get(HttpHeaders.ACCEPT);
        if (accept != null && accept.contains(OPEN_METRICS)) {
            headers.set(HttpHeaders.ACCEPT, OPEN_METRICS + "; version=1.0.0; charset=utf-8");
        }
        context.next();
    }
}
