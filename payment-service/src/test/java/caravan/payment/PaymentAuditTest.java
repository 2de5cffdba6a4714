package caravan.payment;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.LogRecorder;
import caravan.fleet.testing.Meters;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
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
class PaymentAuditTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration CONFIRM = Duration.ofSeconds(30);

    private static final String CAPTURED = """
            insert into payments (order_id, charge_saga_id, charge_step, state, amount_minor, currency, captured_minor,
              network_charge_id, requested_at)
            values ($1, $1, 'charge-payment', 'CAPTURED', 500, 'EUR', 500, 'ch_1', now())""";

    @Inject
    Pool pool;

    @Inject
    PaymentAudit audit;

    private final UUID order = UUID.randomUUID();
    private final Instant now = Instant.now();

    @BeforeEach
    void isPaid() {
        pool.preparedQuery(CAPTURED).execute(Tuple.of(order)).await().atMost(BOUND);
    }

    @AfterEach
    void isForgotten() {
        sql("delete from payments where order_id = '" + order + "'");
    }

    @Test
    void findsNothingWrongWithWhatIsRight() {
        double before = violations();

        lookTwice();

        assertThat(violations()).isEqualTo(before);
    }

    /** The table's own rules keep that from happening: somebody has taken them away. */
    @Test
    void countsAPaymentThatWasCapturedTwiceOnceAndTellsOfIt() {
        double before = violations();
        List.of("payments_captured_once", "payments_captured_is_known")
                .forEach(rule -> sql("alter table payments drop constraint " + rule));
        try (LogRecorder log = LogRecorder.start()) {
            sql("update payments set captured_minor = 1000 where order_id = '" + order + "'");

            lookTwice();
            lookTwice();

            assertThat(violations()).isEqualTo(before + 1);
            assertThat(log.ours())
                    .filteredOn(line -> line.message().contains("captured_once"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.keys()).containsEntry("orderId", order.toString()))
                    .satisfies(line -> assertThat(line.message()).contains("capturedMinor=1000"));
        } finally {
            isForgotten();
            sql(
                    "alter table payments add constraint payments_captured_once check (captured_minor in (0, amount_minor))");
            sql("""
                alter table payments add constraint payments_captured_is_known check
                  (state <> 'CAPTURED' or captured_minor = amount_minor and refunded_minor = 0
                    and network_charge_id is not null)""");
        }
    }

    @Test
    void tellsWhatItHoldsOfTheOrdersItIsAskedFor() {
        given().contentType("application/json")
                .body(Map.of("orders", List.of(order, UUID.randomUUID())))
                .post("/internal/audit")
                .then()
                .statusCode(200)
                .body("id", contains(order.toString()))
                .body("[0].payment.state", equalTo("CAPTURED"))
                .body("[0].payment.capturedMinor", equalTo(500));
    }

    /** As often as it takes to have seen all pages, and the same again when it is sure. */
    private void lookTwice() {
        look(now);
        look(now.plus(CONFIRM));
    }

    private void look(Instant at) {
        long pages = pool.query("select count(*) / 2000 + 1 as pages from payments")
                .execute()
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getLong("pages");
        for (long page = 0; page < pages; page++) {
            audit.round.look(at).await().atMost(BOUND);
        }
    }

    private static double violations() {
        return Meters.here().sum("invariant_violations_total", "invariant=\"captured_once\"");
    }

    private void sql(String statement) {
        pool.query(statement).execute().await().atMost(BOUND);
    }
}
