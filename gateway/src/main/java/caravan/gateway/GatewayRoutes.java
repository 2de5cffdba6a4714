package caravan.gateway;

import caravan.common.http.ProblemAnswer;
import caravan.common.http.ProblemType;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which path belongs to which service. */
@Singleton
class GatewayRoutes {

    private static final int BEFORE_ANYTHING_ELSE = 0;
    private static final int AFTER_EVERYTHING_ELSE = 100_000;

    /** A tunnel would pass every limit by. */
    private static final ProxyOptions OPTIONS = new ProxyOptions().setSupportWebSocket(false);

    private final Map<String, Downstream> byPath = new LinkedHashMap<>();
    private final GatewayConfig config;

    GatewayRoutes(Vertx vertx, GatewayConfig config) {
        this.config = config;
        add("/api/v1/orders", "order", config.ordersUrl(), vertx);
        add("/api/v1/products", "inventory", config.inventoryUrl(), vertx);
        add("/api/v1/ops", "saga", config.sagasUrl(), vertx);
    }

    private void add(String path, String name, URI url, Vertx vertx) {
        byPath.put(path, new Downstream(name, url, vertx, config));
    }

    void register(@Observes Router router) {
        byPath.forEach((path, downstream) ->
                router.route(path + "/*").order(BEFORE_ANYTHING_ELSE).handler(context -> pass(context, downstream)));
        router.route()
                .order(AFTER_EVERYTHING_ELSE)
                .handler(context -> ProblemAnswer.send(context, ProblemType.NOT_FOUND, "no service has this path"));
    }

    void close(@Observes ShutdownEvent event) {
        byPath.values().forEach(Downstream::close);
    }

    private void pass(RoutingContext context, Downstream downstream) {
        HttpProxy.reverseProxy(OPTIONS, downstream.client())
                .origin(_ -> downstream.request())
                .addInterceptor(new Passage(context, downstream, config.retryAfter()))
                .handle(context.request());
    }
}
