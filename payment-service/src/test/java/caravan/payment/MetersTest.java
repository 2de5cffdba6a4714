package caravan.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import caravan.fleet.testing.LogRecorder;
import caravan.fleet.testing.Meters;
import caravan.fleet.testing.Strangers;
import caravan.payment.Payment.State;
import caravan.payment.Till.Order;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "cardnetwork", value = "true"))
class MetersTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String TOPIC = "topic=\"" + Topics.PAYMENT_COMMANDS + "\"";
    private static final int TIMES = 16;

    @Inject
    Pool pool;

    private Till till;
    private final Order order = Order.fresh();

    @BeforeEach
    void open() {
        Backends.cardNetworkMode("up");
        till = new Till(pool);
    }

    @AfterEach
    void close() {
        till.close();
    }

    @Test
    void countsAndTimesACommandByItsType() {
        Meters before = Meters.here();

        till.charge(order, "tok_ok");
        till.answer(order);

        await().atMost(BOUND).untilAsserted(() -> {
            Meters after = Meters.here();
            assertThat(grown(before, after, "messages_total", "type=\"charge-payment\"", "outcome=\"handled\""))
                    .isPositive();
            assertThat(grown(before, after, "message_duration_seconds_count", "type=\"charge-payment\""))
                    .isPositive();
            assertThat(grown(before, after, "message_age_seconds_count")).isPositive();
        });
    }

    @Test
    void whatStrangersMakeUpAddsNoSeries() {
        bother(new Strangers(1));
        Meters before = Meters.here();

        bother(new Strangers(2));

        assertThat(Meters.here().since(before)).isEmpty();
        assertThat(Meters.here().foreignLabels()).isEmpty();
    }

    /** The card's token stands in the database until the charge is over, and nowhere else. */
    @Test
    void tellsNoCard() {
        String card = "tok_canary_" + UUID.randomUUID();

        try (LogRecorder log = LogRecorder.start()) {
            Backends.cardNetworkMode("down");
            till.charge(order, card);
            till.rowWhen(
                    order,
                    row -> row.getInteger("attempts") > 0
                            || row.getString("state").equals(State.QUEUED.name()));
            Backends.cardNetworkMode("up");
            till.answer(order);

            assertThat(log.lines()).isNotEmpty();
            assertThat(log.text()).doesNotContain(card);
        }
    }

    private static void bother(Strangers strangers) {
        double dead = dead();
        strangers.ask("http://localhost:" + RestAssured.port, List.of("/payments/{id}"), TIMES);
        strangers.send(Backends.addresses().kafka(), Topics.PAYMENT_COMMANDS, TIMES);
        await().atMost(BOUND).until(() -> dead() >= dead + TIMES);
    }

    private static double dead() {
        return Meters.here().sum("messages_total", TOPIC, "outcome=\"dead\"");
    }

    private static double grown(Meters before, Meters after, String name, String... labels) {
        String[] all = java.util.Arrays.copyOf(labels, labels.length + 1);
        all[labels.length] = TOPIC;
        return after.sum(name, all) - before.sum(name, all);
    }
}
