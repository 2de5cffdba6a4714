package caravan.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTableTest {

    private final RouteTable table = new RouteTable(Routes.all(Duration.ofSeconds(3)));

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/orders, GET /api/v1/orders",
        "POST, /api/v1/orders, POST /api/v1/orders",
        "HEAD, /api/v1/orders/42, GET /api/v1/orders/{id}",
        "GET, /api/v1/orders/42/events, GET /api/v1/orders/{id}/events",
        "POST, /api/v1/orders/42/cancel, POST /api/v1/orders/{id}/cancel",
        "GET, /api/v1/products/top, GET /api/v1/products/top",
        "GET, /api/v1/products/TOP, GET /api/v1/products/{sku}",
        "POST, /api/v1/products/top/stock, POST /api/v1/products/{sku}/stock",
        "POST, /api/v1/ops/sagas/7/retry, POST /api/v1/ops/sagas/{id}/{verb}",
        "POST, /api/v1/ops/dead-letters/replay, POST /api/v1/ops/dead-letters/replay",
        "POST, /api/v1/ops/dead-letters/7/replay, POST /api/v1/ops/dead-letters/{id}/replay",
        "GET, /.well-known/jwks.json, GET /.well-known/jwks.json"
    })
    void findsTheRoute(String method, String path, String route) {
        Match match = table.match(HttpMethod.valueOf(method), path);

        assertThat(match)
                .isInstanceOfSatisfying(
                        Match.Found.class,
                        found -> assertThat(found.route().toString()).isEqualTo(route));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "api",
                "*",
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v1/ordersx",
                "/api/v1/order",
                "/api/v1/orders/",
                "/api/v1/orders//events",
                "/api/v1/orders/1/events/",
                "/api/v1/orders/1/other",
                "/internal/load",
                "/api/v1/ops",
                "/q/health",
                "//api/v1/orders"
            })
    void knowsWhatIsNowhere(String path) {
        assertThat(table.match(HttpMethod.GET, path)).isInstanceOf(Match.Nowhere.class);
    }

    @Test
    void saysWhichMethodsAPathHas() {
        assertThat(table.match(HttpMethod.DELETE, "/api/v1/orders"))
                .isEqualTo(new Match.WrongMethod("GET, HEAD, OPTIONS, POST"));
        assertThat(table.match(HttpMethod.OPTIONS, "/auth/login")).isEqualTo(new Match.WrongMethod("OPTIONS, POST"));
        assertThat(table.match(HttpMethod.valueOf("CONNECT"), "/docs"))
                .isEqualTo(new Match.WrongMethod("GET, HEAD, OPTIONS"));
    }

    @Test
    void letsOnlyReadersOfTheCatalogueAndOurOwnPagesInWithoutAToken() {
        assertThat(table.routes())
                .filteredOn(route -> route.access().equals(Access.PUBLIC) && !route.isLocal())
                .extracting(Route::toString)
                .containsExactlyInAnyOrder(
                        "GET /api/v1/products", "GET /api/v1/products/top", "GET /api/v1/products/{sku}");
    }

    @Test
    void chargesMoreForListsAndStreams() {
        assertThat(table.routes())
                .filteredOn(route -> route.cost() != 1)
                .extracting(Route::toString)
                .containsExactlyInAnyOrder(
                        "GET /api/v1/orders", "GET /api/v1/orders/{id}/events", "GET /api/v1/ops/events");
    }
}
