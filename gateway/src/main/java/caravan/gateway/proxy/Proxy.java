package caravan.gateway.proxy;

import caravan.common.http.Prefer;
import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Passage.Bounds;
import caravan.gateway.proxy.Passage.Lane;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Takes requests to the service that their route names. */
@Singleton
public class Proxy {

    private final Map<Target, Lane> lanes = new EnumMap<>(Target.class);
    private final Map<Target, Lane> patientLanes = new EnumMap<>(Target.class);
    private final Vertx vertx;
    private final ProxyConfig config;
    private final Admission admission;
    private final ClientAddress addresses;
    private final SecurityHeaders security;
    private final Uploads uploads;
    private final RetryRules retries;

    Proxy(
            Vertx vertx,
            ProxyConfig config,
            ProxyMetrics metrics,
            Admission admission,
            ClientAddress addresses,
            SecurityHeaders security,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "256K") MemorySize bodyLimit) {
        this.vertx = vertx;
        this.config = config;
        this.admission = admission;
        this.addresses = addresses;
        this.security = security;
        this.uploads = new Uploads(vertx, bodyLimit.asLongValue(), config.uploadWithin());
        this.retries = RetryRules.of(config.retry());
        add(Target.ORDER, config.ordersUrl(), config.bulkhead().order(), metrics);
        add(Target.INVENTORY, config.inventoryUrl(), config.bulkhead().inventory(), metrics);
        add(Target.SAGA, config.sagasUrl(), config.bulkhead().saga(), metrics);
    }

    /** Answers the request, sooner or later. On its event loop; nobody may have read its body. */
    public void pass(RoutingContext context, Route route) {
        if (route.traits().admitted() && !admission.admit()) {
            Refusal.send(
                    context,
                    ProblemType.TEMPORARY_REDUCED_CAPACITY,
                    "more orders are under way than can be ended in time: nothing was ordered",
                    admission.retryAfter());
            return;
        }
        uploads.take(context).onComplete(upload -> {
            if (upload.succeeded()) {
                begin(context, route, upload.result());
            } else {
                refuse(context, upload.cause());
            }
        });
    }

    void close(@Observes ShutdownEvent event) {
        lanes.values().forEach(lane -> lane.downstream().close());
        patientLanes.values().forEach(lane -> lane.downstream().close());
    }

    private void begin(RoutingContext context, Route route, Upload upload) {
        HttpServerRequest request = context.request();
        String scheme = security.isHttps(request) ? "https" : "http";
        Origin origin = new Origin(addresses.of(request), scheme, host(request));
        Outbound outbound = new Outbound(request.method(), uri(context), upload, origin);
        Duration wait = route.traits().waits() ? wait(request.headers()) : Duration.ZERO;
        Lane lane = lane(route, !wait.isZero());
        new Passage(vertx, context, route, lane, outbound, retries, bounds(route, wait)).begin();
    }

    /** People who wait take no places of those who do not. */
    private Lane lane(Route route, boolean waits) {
        boolean patient = waits || route.traits().streaming();
        return Objects.requireNonNull((patient ? patientLanes : lanes).get(route.target()), "no service");
    }

    private Bounds bounds(Route route, Duration wait) {
        return new Bounds(
                route.deadline().plus(wait).toMillis(),
                config.bulkhead().patience().toMillis(),
                config.uploadWithin().toMillis(),
                config.answerWithin().toMillis());
    }

    /** As the service will read it. */
    static Duration wait(MultiMap headers) {
        return Prefer.wait(headers.getAll("Prefer")).orElse(Duration.ZERO);
    }

    private static void refuse(RoutingContext context, Throwable fault) {
        if (fault instanceof Uploads.TooLargeException) {
            Refusal.send(context, ProblemType.BODY_TOO_LARGE, String.valueOf(fault.getMessage()));
        } else if (!context.response().closed()) {
            Refusal.sendAndClose(context, ProblemType.BAD_REQUEST, String.valueOf(fault.getMessage()));
        }
    }

    /** The path as it was routed by: what the gateway decides on is what the service sees. */
    private static String uri(RoutingContext context) {
        String query = context.request().query();
        return query == null ? context.normalizedPath() : context.normalizedPath() + "?" + query;
    }

    private static String host(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return authority == null ? "" : authority.toString();
    }

    private void add(Target target, URI url, int limit, ProxyMetrics metrics) {
        Guard guard = new Guard(target, config, metrics);
        int streams = config.bulkhead().streams();
        Places requests = new Places(limit, limit * config.bulkhead().waiting());
        Places patient = new Places(streams, 1);
        metrics.watchBulkhead(target, "requests", requests::active);
        metrics.watchBulkhead(target, "streams", patient::active);
        lanes.put(target, new Lane(target, downstream(target.label(), url, limit), requests, guard));
        patientLanes.put(
                target, new Lane(target, downstream(target.label() + "-streams", url, streams), patient, guard));
    }

    private Downstream downstream(String name, URI url, int most) {
        return new Downstream(name, url, most, config.connectTimeout(), vertx);
    }
}
