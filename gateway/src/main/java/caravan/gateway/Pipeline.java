package caravan.gateway;

import caravan.common.http.BodyLimit;
import caravan.common.http.HttpMetrics;
import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Cors;
import caravan.gateway.proxy.Match;
import caravan.gateway.proxy.Refusal;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteTable;
import caravan.gateway.proxy.SecurityHeaders;
import caravan.gateway.proxy.cache.CachingProxy;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** What happens to a request, in order. Only what has a route goes on. */
@Singleton
class Pipeline {

    private static final int BEFORE_ANYTHING_ELSE = 0;
    private static final int AFTER_EVERYTHING_ELSE = 100_000;

    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");

    private final RouteTable routes;
    private final SecurityHeaders security;
    private final Cors cors;
    private final Gate gate;
    private final BodyLimit bodies;
    private final CachingProxy proxy;

    Pipeline(RouteTable routes, SecurityHeaders security, Cors cors, Gate gate, BodyLimit bodies, CachingProxy proxy) {
        this.routes = routes;
        this.security = security;
        this.cors = cors;
        this.gate = gate;
        this.bodies = bodies;
        this.proxy = proxy;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_ANYTHING_ELSE).handler(this::enter);
        router.route().order(AFTER_EVERYTHING_ELSE).handler(Pipeline::nowhere);
    }

    private void enter(RoutingContext context) {
        security.apply(context);
        cors.apply(context);
        switch (routes.match(context.request().method(), context.normalizedPath())) {
            case Match.Found(Route route) -> {
                HttpMetrics.route(context, route.template());
                name(route);
                gate.pass(context, route, () -> bodies.read(context, () -> go(context, route)));
            }
            case Match.WrongMethod(String allow) -> otherMethod(context, allow);
            case Match.Nowhere _ -> nowhere(context);
        }
    }

    private static void name(Route route) {
        Span span = Span.current();
        if (span.isRecording()) {
            span.updateName(route.toString()).setAttribute(ROUTE, route.template());
        }
    }

    private void go(RoutingContext context, Route route) {
        if (route.isLocal()) {
            context.request().resume();
            context.next();
        } else {
            proxy.pass(context, route);
        }
    }

    private void otherMethod(RoutingContext context, String allow) {
        if (HttpMethod.OPTIONS.equals(context.request().method())) {
            cors.preflight(context, allow);
        } else {
            context.response().putHeader(HttpHeaders.ALLOW, allow);
            Refusal.send(context, ProblemType.METHOD_NOT_ALLOWED, "allowed are " + allow);
        }
    }

    private static void nowhere(RoutingContext context) {
        Refusal.send(context, ProblemType.NOT_FOUND, "no service has this path");
    }
}
