package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A week goes by, and the customer thinks again. */
class RetentionScenarioIT {

    private static final List<String> PARTICIPANTS =
            List.of("orders", "inventory", "payments", "shipments", "notifications");

    private final Shop customer = Shop.register(TheFleet.gateway());

    @Test
    void forgetsHowAnOrderCameAboutAndStillTakesItBack() throws SQLException {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_ok"));
        customer.awaitEnd(order);
        awaitForgotten(order);
        everyInvariantHolds();

        assertThat(customer.send(customer.to("/api/v1/orders/" + order + "/cancel")
                                .header("Idempotency-Key", UUID.randomUUID().toString())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(202);

        await().atMost(30, SECONDS)
                .until(() -> customer.view(order).getString("status").equals("CANCELLED"));
        everyInvariantHolds();
        awaitForgotten(order);
        everyInvariantHolds();
    }

    /** Its sagas end, a week goes by, and no service has anything left that only served to know a message again. */
    private static void awaitForgotten(UUID order) {
        await().atMost(60, SECONDS)
                .until(() ->
                        count("sagas", "select count(*) from sagas where order_id = '%s' and step is not null", order)
                                == 0);
        await().atMost(60, SECONDS).until(() -> {
            update("sagas", """
                    update sagas set step_started_at = now() - interval '8 days'
                    where order_id = '%s' and step is null""", order);
            return remains(order) == 0;
        });
    }

    private static long remains(UUID order) throws SQLException {
        long remaining = count("sagas", "select count(*) from sagas where order_id = '%s'", order)
                + count("orders", "select count(*) from idempotency_keys where order_id = '%s'", order);
        for (String database : PARTICIPANTS) {
            remaining += count(database, "select count(*) from inbox where saga_id = '%s'", order);
        }
        return remaining;
    }

    private static void everyInvariantHolds() {
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
    }

    private static long count(String database, String sql, UUID order) throws SQLException {
        return Tables.count(TheFleet.get(), database, sql.formatted(order));
    }

    private static void update(String database, String sql, UUID order) throws SQLException {
        Tables.run(TheFleet.get(), database, sql.formatted(order));
    }
}
