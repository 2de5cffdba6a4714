package caravan.common.http;

import caravan.common.metric.Buckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code http.requests{method,route,status_code}} and {@code http.request.duration{method,route}} of everything that asks on the
 * service's own port, counted when the answer is out. A route is a template or {@code none}, a method one of HTTP's own or
 * {@code other}: what clients make up adds no series.
 *
 * <p>Streams, and requests that asked to wait ({@code Prefer: wait}), last as long as somebody wants: they are counted and not
 * timed. Whoever left before there was an answer is counted as 499, as proxies do: it was no failure of ours.
 */
@Singleton
public class HttpMetrics {

    /** Before anything that may answer. */
    private static final int PRIORITY = 1_000;

    private static final String ROUTE = HttpMetrics.class.getName() + ".route";
    private static final String NO_ROUTE = "none";

    /** Where Quarkus leaves the template of a resource for whoever measures. */
    private static final String TEMPLATE_OF_RESOURCE = "UrlPathTemplate";

    private static final String PREFER = "Prefer";

    private static final int CLIENT_LEFT = 499;

    private enum Method {
        GET,
        HEAD,
        POST,
        PUT,
        PATCH,
        DELETE,
        OPTIONS,
        OTHER;

        static Method of(String name) {
            return switch (name) {
                case "GET" -> GET;
                case "HEAD" -> HEAD;
                case "POST" -> POST;
                case "PUT" -> PUT;
                case "PATCH" -> PATCH;
                case "DELETE" -> DELETE;
                case "OPTIONS" -> OPTIONS;
                default -> OTHER;
            };
        }

        String label() {
            return this == OTHER ? "other" : name();
        }
    }

    private record Key(Method method, String route) {}

    private record Series(Timer duration, Map<Integer, Counter> byStatus) {}

    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    HttpMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** For who routes by hand: what the request is counted under. {@code template} comes from code, never from the request. */
    public static void route(RoutingContext context, String template) {
        context.put(ROUTE, template);
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, PRIORITY);
    }

    private void begin(RoutingContext context) {
        long beganNs = System.nanoTime();
        Context trace = Context.current();
        context.addEndHandler(end -> ended(context, trace, System.nanoTime() - beganNs, end.succeeded()));
        context.next();
    }

    private void ended(RoutingContext context, Context trace, long tookNs, boolean sent) {
        Key key = new Key(Method.of(context.request().method().name()), routeOf(context));
        Series of = series.computeIfAbsent(key, this::make);
        of.byStatus()
                .computeIfAbsent(status(context.response(), sent), status -> counter(key, status))
                .increment();
        if (!lastsAsLongAsWanted(context)) {
            record(of.duration(), trace, tookNs);
        }
    }

    /** The span has ended by now: an exemplar is given to what was its time, and a context is entered only for that. */
    private static void record(Timer duration, Context trace, long tookNs) {
        if (Span.fromContext(trace).getSpanContext().isSampled()) {
            try (Scope _ = trace.makeCurrent()) {
                duration.record(tookNs, TimeUnit.NANOSECONDS);
            }
        } else {
            duration.record(tookNs, TimeUnit.NANOSECONDS);
        }
    }

    private static int status(HttpServerResponse response, boolean sent) {
        return sent || response.headWritten() ? response.getStatusCode() : CLIENT_LEFT;
    }

    private static boolean lastsAsLongAsWanted(RoutingContext context) {
        String type = context.response().headers().get(HttpHeaders.CONTENT_TYPE);
        boolean streams = type != null && type.startsWith("text/event-stream");
        return streams || waits(context.request().headers());
    }

    private static boolean waits(MultiMap headers) {
        return headers.contains(PREFER) && Prefer.wait(headers.getAll(PREFER)).isPresent();
    }

    private static String routeOf(RoutingContext context) {
        String named = context.get(ROUTE);
        if (named != null) {
            return named;
        }
        String template = templateOfResource(context);
        return template == null ? NO_ROUTE : template;
    }

    private static @Nullable String templateOfResource(RoutingContext context) {
        return context.request() instanceof HttpServerRequestInternal request
                ? request.context().getLocal(TEMPLATE_OF_RESOURCE)
                : null;
    }

    private Series make(Key key) {
        return new Series(
                Buckets.red(
                        meters, "http.request.duration", "method", key.method().label(), "route", key.route()),
                new ConcurrentHashMap<>());
    }

    private Counter counter(Key key, int status) {
        return meters.counter(
                "http.requests",
                "method",
                key.method().label(),
                "route",
                key.route(),
                "status_code",
                Integer.toString(status));
    }
}
