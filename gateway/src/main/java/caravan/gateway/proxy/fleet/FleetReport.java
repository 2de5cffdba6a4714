package caravan.gateway.proxy.fleet;

import caravan.common.auth.Scope;
import caravan.gateway.proxy.Access;
import caravan.gateway.proxy.Admission;
import caravan.gateway.proxy.Fallback;
import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.Proxy;
import caravan.gateway.proxy.Question;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteClass;
import caravan.gateway.proxy.Target;
import caravan.gateway.proxy.Way;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One look at the fleet. Whoever does not answer in time is missing from it and named; the rest is there. On an event loop; any
 * of them.
 */
@Singleton
class FleetReport {

    /** {@code figures} of the orchestrator are parts of the whole. */
    private static final List<String> FIGURES = List.of("sagas", "deadLetters", "lastMinute", "pace");

    private static final String PATH = "/api/v1/ops/fleet";

    /** Fifteen minutes of pace and a hundred lags are some 20 KB. */
    private static final int MOST_BYTES = 256 * 1024;

    /** As services are called, for those that the gateway has a way to. */
    private static final Map<Target, String> SERVICES = Map.of(
            Target.ORDER, "order-service", Target.INVENTORY, "inventory-service", Target.SAGA, "saga-orchestrator");

    private final Readiness readiness;
    private final Proxy proxy;
    private final Admission admission;
    private final FleetConfig config;
    private final Route route;

    FleetReport(Readiness readiness, Proxy proxy, Admission admission, FleetConfig config) {
        this.readiness = readiness;
        this.proxy = proxy;
        this.admission = admission;
        this.config = config;
        this.route = new Route(
                HttpMethod.GET,
                PATH,
                Target.SAGA,
                RouteClass.OPS,
                1,
                new Access.Needs(Scope.OPS),
                config.knownWithin(),
                Route.Traits.USUAL,
                Fallback.COME_BACK);
    }

    /**
     * What the fleet looks like now.
     *
     * @param bearer in whose name the orchestrator is asked
     * @param since also which sagas have moved since then, as {@code changes}
     */
    Future<JsonObject> look(String bearer, @Nullable String since) {
        Future<List<Readiness.Said>> ready = readiness.ask();
        Future<JsonObject> known = known(bearer, since);
        return Future.all(ready, known).map(_ -> report(ready.result(), known.result()));
    }

    private JsonObject report(List<Readiness.Said> ready, JsonObject known) {
        JsonObject report = new JsonObject()
                .put("at", known.getString("at", Instant.now().toString()))
                .put("services", services(ready))
                .put("admission", admission.full() ? "FULL" : "OPEN");
        JsonArray unreachable = new JsonArray();
        JsonObject figures = known.getJsonObject("figures", new JsonObject());
        FIGURES.forEach(part -> add(report, part, figures.getValue(part), unreachable));
        JsonObject lags = known.getJsonObject("lags", new JsonObject());
        add(report, "lags", lags.getValue("items"), unreachable);
        if (known.containsKey("changes")) {
            report.put("changes", known.getJsonObject("changes"));
        }
        return report.put("unreachable", unreachable);
    }

    private static void add(JsonObject report, String part, @Nullable Object value, JsonArray unreachable) {
        if (value == null) {
            unreachable.add(part);
        } else {
            report.put(part, value);
        }
    }

    /** We are ready: we answer. */
    private JsonArray services(List<Readiness.Said> ready) {
        Map<String, Way> ways = proxy.ways().stream()
                .collect(Collectors.toMap(way -> SERVICES.getOrDefault(way.target(), ""), Function.identity()));
        JsonArray services =
                new JsonArray().add(service(new Readiness.Said("gateway", Readiness.State.READY, List.of()), null));
        ready.forEach(said -> services.add(service(said, ways.get(said.service()))));
        return services;
    }

    private static JsonObject service(Readiness.Said said, @Nullable Way way) {
        JsonObject service = new JsonObject()
                .put("name", said.service())
                .put("healthy", said.state() == Readiness.State.READY)
                .put("state", said.state().name())
                .put("failing", new JsonArray(said.failing()));
        return way == null
                ? service
                : service.put("breaker", way.breaker())
                        .put("requests", use(way.requests()))
                        .put("streams", use(way.streams()));
    }

    private static JsonObject use(Way.Use use) {
        return new JsonObject().put("active", use.active()).put("most", use.most());
    }

    /** What the orchestrator says; nothing when it does not, whatever the reason. */
    private Future<JsonObject> known(String bearer, @Nullable String since) {
        Promise<JsonObject> answer = Promise.promise();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.ACCEPT, "application/json")
                .set(HttpHeaders.AUTHORIZATION, "Bearer " + bearer);
        String uri = since == null ? PATH : PATH + "?since=" + since;
        Duration within = config.knownWithin();
        proxy.fetch(
                new Question(route, HttpMethod.GET, uri, headers, MOST_BYTES, within),
                fetched -> answer.complete(read(fetched)));
        return answer.future();
    }

    private static JsonObject read(Fetched fetched) {
        try {
            return fetched instanceof Fetched.Whole whole ? new JsonObject(whole.body()) : new JsonObject();
        } catch (DecodeException _) {
            return new JsonObject();
        }
    }
}
