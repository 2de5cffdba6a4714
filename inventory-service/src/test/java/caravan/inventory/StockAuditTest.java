package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class StockAuditTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration CONFIRM = Duration.ofSeconds(30);
    private static final String ADDS_UP = "stock_adds_up";
    private static final String IS_PROMISED = "reserved_is_promised";

    @Inject
    Pool pool;

    @Inject
    StockAudit audit;

    private final String sku = "AUDITED-" + UUID.randomUUID();
    private final UUID order = UUID.randomUUID();
    private final Instant now = Instant.now();

    /** Ten were put in, three are promised to an order, and two that were promised to it went back. */
    @BeforeEach
    void isInStock() {
        sql("""
            insert into products (sku, name, description, price_minor, currency, tags, version, updated_at)
            values ('%s', 'A thing', '', 100, 'EUR', '{}', 1, now())""".formatted(sku));
        sql("insert into stock (sku, on_hand, reserved, updated_at) values ('%s', 7, 3, now())".formatted(sku));
        sql("""
            insert into stock_adjustments (sku, wanted, delta, on_hand, reason, at)
            values ('%s', 10, 10, 10, 'test', now())""".formatted(sku));
        sql("""
            insert into stock_reservations (order_id, sku, quantity, reserved_at, released_at)
            values ('%1$s', '%2$s', 3, now(), null), ('%3$s', '%2$s', 2, now(), now())""".formatted(order, sku, UUID.randomUUID()));
        // Whatever other tests have left is known by now.
        lookTwice();
    }

    @AfterEach
    void isGone() {
        List.of("stock_reservations", "stock_adjustments", "stock", "products")
                .forEach(table -> sql("delete from %s where sku = '%s'".formatted(table, sku)));
    }

    @Test
    void findsNothingWrongWithWhatIsRight() {
        double before = violations(ADDS_UP) + violations(IS_PROMISED);

        lookTwice();

        assertThat(violations(ADDS_UP) + violations(IS_PROMISED)).isEqualTo(before);
    }

    @Test
    void countsAPieceThatCameFromNowhereOnce() {
        double before = violations(ADDS_UP);
        sql("update stock set on_hand = on_hand + 1 where sku = '%s'".formatted(sku));

        lookTwice();
        lookTwice();

        assertThat(violations(ADDS_UP)).isEqualTo(before + 1);
    }

    @Test
    void countsWhatIsReservedForNobody() {
        double before = violations(IS_PROMISED);
        sql("update stock set on_hand = on_hand - 1, reserved = reserved + 1 where sku = '%s'".formatted(sku));

        lookTwice();

        assertThat(violations(IS_PROMISED)).isEqualTo(before + 1);
    }

    @Test
    void countsNothingThatASecondLookDoesNotSee() {
        double before = violations(ADDS_UP);
        sql("update stock set on_hand = on_hand + 1 where sku = '%s'".formatted(sku));
        look(now);
        sql("update stock set on_hand = on_hand - 1 where sku = '%s'".formatted(sku));

        look(now.plus(CONFIRM));

        assertThat(violations(ADDS_UP)).isEqualTo(before);
    }

    @Test
    void tellsWhatItHoldsOfTheOrdersItIsAskedFor() {
        given().contentType("application/json")
                .body(Map.of("orders", List.of(order)))
                .post("/internal/audit")
                .then()
                .statusCode(200)
                .body("id", contains(order.toString()))
                .body("reservedPieces", contains(3));
    }

    private void lookTwice() {
        look(now);
        look(now.plus(CONFIRM));
    }

    private void look(Instant at) {
        audit.round.look(at).await().atMost(BOUND);
    }

    private static double violations(String invariant) {
        return Meters.here().sum("invariant_violations_total", "invariant=\"" + invariant + "\"");
    }

    private void sql(String statement) {
        pool.query(statement).execute().await().atMost(BOUND);
    }
}
