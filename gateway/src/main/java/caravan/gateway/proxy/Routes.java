package caravan.gateway.proxy;

import static caravan.gateway.proxy.RouteClass.AUTH;
import static caravan.gateway.proxy.RouteClass.META;
import static caravan.gateway.proxy.RouteClass.TOKEN;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import caravan.common.auth.Scope;
import caravan.gateway.proxy.Route.Traits;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The public API as data. What is not in here is not there. */
final class Routes {

    private static final String ORDERS = "/api/v1/orders";
    private static final String PRODUCTS = "/api/v1/products";
    private static final String TOP = PRODUCTS + "/top";
    private static final String SAGAS = "/api/v1/ops/sagas";
    private static final String DEAD_LETTERS = "/api/v1/ops/dead-letters";
    private static final String VIEWS = "/api/v1/ops/views/rebuild";

    private final Duration deadline;

    private Routes(Duration deadline) {
        this.deadline = deadline;
    }

    /** @param deadline of a route that has none of its own */
    static List<Route> all(Duration deadline) {
        Routes routes = new Routes(deadline);
        return Stream.of(routes.orders(), routes.products(), routes.operators(), routes.sessions(), routes.pages())
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> orders() {
        return List.of(
                order(POST, ORDERS, Scope.ORDERS_WRITE).with(Traits.ADMITTED),
                order(GET, ORDERS, Scope.ORDERS_READ).costing(2),
                order(GET, ORDERS + "/{id}", Scope.ORDERS_READ).with(Traits.WAITS),
                order(GET, ORDERS + "/{id}/events", Scope.ORDERS_READ)
                        .costing(2)
                        .with(Traits.STREAM)
                        .or(Fallback.POLL_INSTEAD),
                order(POST, ORDERS + "/{id}/cancel", Scope.ORDERS_WRITE));
    }

    private List<Route> products() {
        return List.of(
                read(PRODUCTS, new Caching.Many(List.of("q", "limit", "cursor"))),
                read(TOP, new Caching.Many(List.of("limit"))),
                read(PRODUCTS + "/{sku}", new Caching.One()),
                edit(PUT, PRODUCTS + "/{sku}"),
                edit(POST, PRODUCTS + "/{sku}/stock"));
    }

    private List<Route> operators() {
        return List.of(
                operator(GET, SAGAS),
                operator(GET, SAGAS + "/{id}"),
                operator(POST, SAGAS + "/repair"),
                operator(POST, SAGAS + "/{id}/{verb}"),
                operator(GET, DEAD_LETTERS),
                operator(GET, DEAD_LETTERS + "/{id}"),
                operator(POST, DEAD_LETTERS + "/replay"),
                operator(POST, DEAD_LETTERS + "/discard"),
                operator(POST, DEAD_LETTERS + "/{id}/replay"),
                operator(POST, DEAD_LETTERS + "/{id}/discard"),
                ours(GET, "/api/v1/ops/fleet"),
                ours(GET, "/api/v1/ops/events").costing(2).with(Traits.STREAM),
                route(GET, VIEWS, Target.ORDER, RouteClass.OPS, new Access.Needs(Scope.OPS)),
                route(POST, VIEWS, Target.ORDER, RouteClass.OPS, new Access.Needs(Scope.OPS)));
    }

    private List<Route> sessions() {
        return List.of(
                local(POST, "/auth/register", AUTH),
                local(POST, "/auth/login", AUTH),
                local(POST, "/auth/logout", AUTH),
                local(POST, "/oauth2/token", TOKEN),
                local(POST, "/oauth2/revoke", TOKEN),
                local(GET, "/.well-known/jwks.json", META),
                local(GET, "/.well-known/oauth-authorization-server", META));
    }

    private List<Route> pages() {
        return List.of(
                local(GET, "/openapi", META),
                local(GET, "/docs", META),
                local(GET, "/docs/{file}", META),
                local(GET, "/console", META),
                local(GET, "/console/{file}", META),
                local(GET, "/problems", META),
                local(GET, "/problems/{slug}", META));
    }

    private Route order(HttpMethod method, String template, Scope scope) {
        return route(method, template, Target.ORDER, RouteClass.ORDERS, new Access.Needs(scope));
    }

    private Route read(String template, Caching caching) {
        return route(GET, template, Target.INVENTORY, RouteClass.CATALOG, Access.PUBLIC)
                .with(Traits.caching(caching))
                .or(Fallback.SHOW_WHAT_YOU_HAVE);
    }

    private Route edit(HttpMethod method, String template) {
        return route(method, template, Target.INVENTORY, RouteClass.CATALOG, new Access.Needs(Scope.CATALOG_WRITE))
                .with(Traits.caching(new Caching.Edits(List.of(PRODUCTS, TOP))));
    }

    private Route operator(HttpMethod method, String template) {
        return route(method, template, Target.SAGA, RouteClass.OPS, new Access.Needs(Scope.OPS));
    }

    /** For operators, answered by the gateway itself. */
    private Route ours(HttpMethod method, String template) {
        return route(method, template, Target.LOCAL, RouteClass.OPS, new Access.Needs(Scope.OPS));
    }

    private Route local(HttpMethod method, String template, RouteClass routeClass) {
        return route(method, template, Target.LOCAL, routeClass, Access.PUBLIC);
    }

    private Route route(HttpMethod method, String template, Target target, RouteClass routeClass, Access access) {
        return new Route(method, template, target, routeClass, 1, access, deadline, Traits.USUAL, Fallback.COME_BACK);
    }
}
