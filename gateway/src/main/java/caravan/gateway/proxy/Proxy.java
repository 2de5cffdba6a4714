package caravan.gateway.proxy;

import caravan.common.http.Prefer;
import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Tries.Bounds;
import caravan.gateway.proxy.Tries.Lane;
import io.opentelemetry.api.trace.Tracer;
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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
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
    private final OpenStreams streams;
    private final Shares shares;
    private final Tracer tracer;

    Proxy(
            Vertx vertx,
            ProxyConfig config,
            ProxyMetrics metrics,
            Admission admission,
            ClientAddress addresses,
            SecurityHeaders security,
            OpenStreams streams,
            Tracer tracer,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "256K") MemorySize bodyLimit) {
        this.vertx = vertx;
        this.tracer = tracer;
        this.config = config;
        this.admission = admission;
        this.addresses = addresses;
        this.security = security;
        this.streams = streams;
        this.uploads = new Uploads(vertx, bodyLimit.asLongValue(), config.uploadWithin());
        this.shares = new Shares(config.bulkhead().streamsEach());
        this.retries = RetryRules.of(config.retry());
        add(Target.ORDER, config.ordersUrl(), config.bulkhead().order(), metrics);
        add(Target.INVENTORY, config.inventoryUrl(), config.bulkhead().inventory(), metrics);
        add(Target.SAGA, config.sagasUrl(), config.bulkhead().saga(), metrics);
    }

    /** Answers the request, sooner or later. On its event loop; nobody may have read its body. */
    public void pass(RoutingContext context, Route route) {
        pass(context, route, _ -> {});
    }

    /**
     * The same, with somebody who hears the status before the client does: of the answer, or of the problem that takes its
     * place.
     */
    public void pass(RoutingContext context, Route route, IntConsumer witness) {
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
                begin(context, route, upload.result(), witness);
            } else {
                refuse(context, upload.cause());
            }
        });
    }

    void close(@Observes ShutdownEvent event) {
        lanes.values().forEach(lane -> lane.downstream().close());
        patientLanes.values().forEach(lane -> lane.downstream().close());
    }

    /**
     * Asks in nobody's name, for many: no client that leaves ends it, and what the service gets to see is only what the
     * question says. Whatever happens, {@code then} is called once, on the event loop of the caller, within {@link #patience}.
     */
    public void fetch(Question question, Consumer<Fetched> then) {
        Route route = question.route();
        Lane lane = lane(route, false);
        Outbound outbound = new Outbound(question.method(), question.uri(), new Upload.Nothing());
        Tries tries = new Tries(vertx, lane, outbound, retries, bounds(route, Duration.ZERO), false);
        new Fetch(vertx, question, tries, then).begin();
    }

    /** How free the ways to the services are, in the order of {@link Target}. */
    public List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        lanes.forEach((target, lane) -> {
            Lane patient = Objects.requireNonNull(patientLanes.get(target), "each service has both");
            ways.add(new Way(
                    target, lane.guard().breaker().name(), Way.Use.of(lane.places()), Way.Use.of(patient.places())));
        });
        return ways;
    }

    /** Until an answer of the route has come as a whole, or never comes: a place, and the deadline. */
    public Duration patience(Route route) {
        return config.bulkhead().patience().plus(route.deadline());
    }

    /** Says why there is no answer, as if this request alone had asked. */
    public void refuse(RoutingContext context, Route route, Fault fault) {
        Passage.refuse(context, route, lane(route, false), fault);
    }

    private void begin(RoutingContext context, Route route, Upload upload, IntConsumer witness) {
        HttpServerRequest request = context.request();
        Outbound outbound = new Outbound(request.method(), uri(context), upload);
        Duration wait = route.traits().waits() ? wait(request.headers()) : Duration.ZERO;
        boolean patient = isPatient(route, !wait.isZero());
        Lane lane = lane(route, patient);
        if (patient && !shares.take(Caller.of(context).subject())) {
            Fault fault = new Fault(Fault.Kind.FULL, "one caller has all the streams that it may have");
            witness.accept(fault.kind().problem().status());
            Passage.refuse(context, route, lane, fault);
            return;
        }
        Bounds bounds = bounds(route, wait);
        boolean hasKey = request.headers().contains("Idempotency-Key");
        Tries tries = new Tries(vertx, lane, outbound, retries, bounds, hasKey);
        Runnable over = patient ? () -> shares.giveBack(Caller.of(context).subject()) : () -> {};
        new Passage(vertx, streams, context, route, lane, origin(request), bounds.answer(), tries, witness, over)
                .begin();
    }

    private Origin origin(HttpServerRequest request) {
        String scheme = security.isHttps(request) ? "https" : "http";
        return new Origin(addresses.of(request), scheme, host(request));
    }

    /** People who wait take no places of those who do not. */
    private static boolean isPatient(Route route, boolean waits) {
        return waits || route.traits().streaming();
    }

    private Lane lane(Route route, boolean patient) {
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
        return new Downstream(name, url, most, config.connectTimeout(), vertx, tracer);
    }
}
