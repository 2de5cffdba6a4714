package caravan.shipment;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class AuditResourceTest {

    @Inject
    Pool pool;

    private final UUID order = UUID.randomUUID();

    @Test
    void tellsWhatItHoldsOfTheOrdersItIsAskedFor() {
        pool.preparedQuery("""
                        insert into shipments (order_id, carrier, tracking_number, state, address, arranged_at, cancelled_at)
                        values ($1, 'test', 'CX1', 'CANCELLED', '{}', now(), now())""").execute(Tuple.of(order)).await().atMost(Duration.ofSeconds(20));

        given().contentType("application/json")
                .body(Map.of("orders", List.of(order)))
                .post("/internal/audit")
                .then()
                .statusCode(200)
                .body("id", contains(order.toString()))
                .body("state", contains("CANCELLED"));
    }

    @Test
    void tellsNothingOfAnOrderThatItDoesNotKnow() {
        given().contentType("application/json")
                .body(Map.of("orders", List.of(order)))
                .post("/internal/audit")
                .then()
                .statusCode(200)
                .body("", empty());
    }
}
