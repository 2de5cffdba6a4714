package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class ViewAuditTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Inject
    Pool pool;

    @Inject
    ViewAudit audit;

    private final Instant now = Instant.now();
    private Shop shop;
    private UUID order;

    @BeforeEach
    void isApproved() {
        Customer.ADA.asks();
        shop = new Shop(pool);
        order = shop.place();
        sql("update orders set status = 'APPROVED' where id = '%s'".formatted(order));
        sql("update order_views set status = 'APPROVED' where order_id = '%s'".formatted(order));
        // Whatever other tests have left is known by now.
        look(now.minus(PATIENCE));
        look(now);
    }

    @AfterEach
    void close() {
        Customer.nobodyAsks();
        shop.close();
        sql("update order_views set status = 'APPROVED' where order_id = '%s'".formatted(order));
    }

    @Test
    void findsNothingWrongWithAViewThatShowsHowItEnded() {
        double before = violations();

        look(now);
        look(now.plus(PATIENCE));

        assertThat(violations()).isEqualTo(before);
    }

    @Test
    void countsAViewThatStaysDifferentOnce() {
        double before = violations();
        sql("update order_views set status = 'REJECTED' where order_id = '%s'".formatted(order));

        look(now);
        look(now.plus(PATIENCE).minusSeconds(1));
        assertThat(violations()).isEqualTo(before);

        look(now.plus(PATIENCE));
        look(now.plus(PATIENCE).plus(PATIENCE));
        assertThat(violations()).isEqualTo(before + 1);
    }

    @Test
    void waitsForAViewThatIsLate() {
        double before = violations();
        sql("update order_views set status = 'PAID' where order_id = '%s'".formatted(order));
        look(now);
        sql("update order_views set status = 'APPROVED' where order_id = '%s'".formatted(order));

        look(now.plus(PATIENCE));

        assertThat(violations()).isEqualTo(before);
    }

    @Test
    void tellsWhatItHoldsOfTheOrdersItIsAskedForAndNothingOfAnybody() {
        String told = ask(List.of(order, UUID.randomUUID()))
                .then()
                .statusCode(200)
                .body("id", contains(order.toString()))
                .body("[0].order.status", equalTo("APPROVED"))
                .body("[0].order.totalMinor", greaterThan(0))
                .body("[0].orderedPieces", greaterThan(0))
                .body("[0].view.status", equalTo("APPROVED"))
                .extract()
                .asString();

        assertThat(told).doesNotContainIgnoringCase("ada").doesNotContain("@", "tok_");
    }

    @Test
    void tellsOfOrdersThatNoSagaHasTakenUp() {
        UUID waiting = shop.place();
        sql("update order_views set created_at = now() - interval '20 minutes' where order_id = '%s'"
                .formatted(waiting));

        String told = given().get("/internal/audit/unclaimed?seconds=900")
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(told).contains(waiting.toString()).doesNotContain(order.toString());
    }

    @Test
    void isNotAskedForMoreThanFitsIntoAnAnswer() {
        ask(Collections.nCopies(1000, order)).then().statusCode(200).body("", hasSize(1));
        ask(Collections.nCopies(1001, order)).then().statusCode(422);
    }

    private static io.restassured.response.Response ask(List<UUID> orders) {
        return given().contentType("application/json")
                .body(Map.of("orders", orders))
                .post("/internal/audit");
    }

    private void look(Instant at) {
        audit.round.look(at).await().atMost(BOUND);
    }

    private static double violations() {
        return Meters.here().sum("invariant_violations_total", "invariant=\"view_is_fold\"");
    }

    private void sql(String statement) {
        pool.query(statement).execute().await().atMost(BOUND);
    }
}
