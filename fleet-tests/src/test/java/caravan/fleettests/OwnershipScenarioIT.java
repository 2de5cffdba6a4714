package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.Credentials;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may do what, for every route of the public contract: through the gateway, and at the service itself. */
class OwnershipScenarioIT {

    /** @param scope what it needs; empty where everybody may */
    record Route(String method, String path, String service, String scope) {

        HttpRequest.Builder request(URI address, UUID order, String token) {
            HttpRequest.Builder request = Shop.visitor(address)
                    .to(path.replace("{id}", order.toString()))
                    .header("Idempotency-Key", UUID.randomUUID().toString());
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return method.equals("GET")
                    ? request.GET()
                    : request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString("{}"));
        }

        boolean isOfOneOrder() {
            return path.contains("/orders/{id}");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final Shop OWNER = Shop.register(TheFleet.gateway());
    private static final UUID ORDER = OWNER.place(Shop.order(OWNER.sku(), 1, "GB", "tok_ok"));
    private static final String STRANGER = token(newLogin());
    private static final String OPERATOR = token(TheFleet.get().credentials().operator());

    static Stream<Route> routes() {
        return Stream.of(
                new Route("POST", "/api/v1/orders", "order-service", "orders:write"),
                new Route("GET", "/api/v1/orders", "order-service", "orders:read"),
                new Route("GET", "/api/v1/orders/{id}", "order-service", "orders:read"),
                new Route("GET", "/api/v1/orders/{id}/events", "order-service", "orders:read"),
                new Route("POST", "/api/v1/orders/{id}/cancel", "order-service", "orders:write"),
                new Route("PUT", "/api/v1/products/NEW-THING", "inventory-service", "catalog:write"),
                new Route("POST", "/api/v1/products/TEA-EARL-GREY/stock", "inventory-service", "catalog:write"));
    }

    static Stream<Route> routesOfOneOrder() {
        return routes().filter(Route::isOfOneOrder);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void asksForAToken(Route route) {
        assertThat(addresses(route)).allSatisfy(address -> {
            assertThat(status(route.request(address, ORDER, ""))).isEqualTo(401);
            assertThat(status(route.request(address, ORDER, "junk"))).isEqualTo(401);
        });
    }

    @ParameterizedTest
    @MethodSource("routes")
    void asksForTheScope(Route route) {
        // The operator may read orders and write the catalogue; a customer may read and write orders.
        String without = route.scope().startsWith("catalog") ? STRANGER : OPERATOR;
        boolean operatorMay = route.scope().equals("orders:read");

        assertThat(addresses(route)).allSatisfy(address -> {
            int status = status(route.request(address, ORDER, without));
            assertThat(status == 403).isEqualTo(!operatorMay);
        });
    }

    @ParameterizedTest
    @MethodSource("routesOfOneOrder")
    void hidesAnOrderFromOthers(Route route) {
        assertThat(addresses(route))
                .allSatisfy(address -> assertThat(status(route.request(address, ORDER, STRANGER)))
                        .isEqualTo(404));
    }

    private static List<URI> addresses(Route route) {
        return List.of(TheFleet.gateway(), URI.create(TheFleet.get().address(route.service())));
    }

    private static int status(HttpRequest.Builder request) {
        return Shop.visitor(TheFleet.gateway()).send(request).statusCode();
    }

    private static Credentials.Login newLogin() {
        return Shop.visitor(TheFleet.gateway()).newAccount();
    }

    private static String token(Credentials.Login login) {
        JsonObject session = Shop.visitor(TheFleet.gateway()).session(login);
        return session.getString("access_token");
    }
}
