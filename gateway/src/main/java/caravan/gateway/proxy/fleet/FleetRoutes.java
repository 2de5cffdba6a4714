package caravan.gateway.proxy.fleet;

import caravan.gateway.proxy.Caller;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The fleet over HTTP: once, or as it changes. */
@Singleton
class FleetRoutes {

    /** After the pipeline, before anything that Quarkus would serve. */
    private static final int ORDER = 10;

    private final FleetReport report;
    private final FleetStream stream;

    FleetRoutes(FleetReport report, FleetStream stream) {
        this.report = report;
        this.stream = stream;
    }

    void register(@Observes Router router) {
        router.get("/api/v1/ops/fleet").order(ORDER).handler(this::show);
        router.get("/api/v1/ops/events").order(ORDER).handler(stream::watch);
    }

    private void show(RoutingContext context) {
        report.look(Caller.of(context).bearer(), null)
                .onSuccess(seen -> send(context, seen))
                .onFailure(context::fail);
    }

    private static void send(RoutingContext context, JsonObject seen) {
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(seen.toBuffer());
    }
}
