package caravan.common.metric;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Gives OpenMetrics 1.0 to whoever asks for it: only there do histograms have exemplars, which lead from a slow bucket to a trace.
 * Quarkus gives plain text to all who mention that as well, as Prometheus does.
 *
 * <p>Micrometer puts exemplars on the count of a histogram, too. The format does not allow that, and Prometheus (2.42) takes nothing at all then.
 */
@Singleton
@SuppressWarnings("deprecation") // the registry that Quarkus 3.33 makes
class OpenMetrics {

    private static final String NAME = "application/openmetrics-text";
    private static final String TYPE = NAME + "; version=1.0.0; charset=utf-8";

    /** A sample named {@code _count}, and the exemplar behind it. */
    private static final Pattern COUNT = Pattern.compile("(?m)^(\\w+_count(?:\\{[^\\n]*})? [^ \\n]+) # \\{[^\\n]*$");

    private final PrometheusMeterRegistry registry;

    OpenMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    void serve(@Observes ManagementInterface management) {
        management
                .router()
                .routeWithRegex(".*/metrics")
                .order(Integer.MIN_VALUE)
                .blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        if (accept == null || !accept.contains(NAME)) {
            context.next();
            return;
        }
        var _ = context.response().putHeader(HttpHeaders.CONTENT_TYPE, TYPE).end(allowed(registry.scrape(TYPE)));
    }

    static String allowed(String openMetrics) {
        return COUNT.matcher(openMetrics).replaceAll("$1");
    }
}
