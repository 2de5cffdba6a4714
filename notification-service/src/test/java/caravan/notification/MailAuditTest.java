package caravan.notification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import io.quarkus.test.common.ResourceArg;
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
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "smtp", value = "true"))
class MailAuditTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration CONFIRM = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    MailAudit audit;

    private final UUID order = UUID.randomUUID();
    private final Instant now = Instant.now();

    @AfterEach
    void isForgotten() {
        sql("delete from confirmations where order_id = '%s'".formatted(order));
    }

    @Test
    void findsNothingWrongWithWhoWasToldBoth() {
        double before = violations();
        mail("CONFIRMATION");
        mail("CANCELLATION");

        lookTwice();

        assertThat(violations()).isEqualTo(before);
    }

    @Test
    void countsWhoWasToldOfTheEndAloneOnce() {
        double before = violations();
        mail("CANCELLATION");

        lookTwice();
        lookTwice();

        assertThat(violations()).isEqualTo(before + 1);
    }

    @Test
    void tellsWhatItHoldsOfTheOrdersItIsAskedFor() {
        mail("CONFIRMATION");

        given().contentType("application/json")
                .body(Map.of("orders", List.of(order)))
                .post("/internal/audit")
                .then()
                .statusCode(200)
                .body("id", contains(order.toString()))
                .body("mails.confirmations", contains(1))
                .body("mails.cancellations", contains(0));
    }

    private void mail(String kind) {
        sql("""
            insert into confirmations (order_id, kind, email, name, content, message_id, state, sent_at)
            values ('%s', '%s', 'ada@caravan.example', 'Ada', '{}', '', 'SENT', now())""".formatted(order, kind));
    }

    private void lookTwice() {
        look(now);
        look(now.plus(CONFIRM));
    }

    private void look(Instant at) {
        audit.round.look(at).await().atMost(BOUND);
    }

    private static double violations() {
        return Meters.here().sum("invariant_violations_total", "invariant=\"one_confirmation\"");
    }

    private void sql(String statement) {
        pool.query(statement).execute().await().atMost(BOUND);
    }
}
