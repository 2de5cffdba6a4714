package caravan.saga.ops;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class SagaOrdersTest {

    private static final UUID OPERATOR = UUID.randomUUID();
    private static final String PHASE = "select phase from sagas where id = $1";

    @Inject
    Pool pool;

    private BrokenSagas sagas;

    @BeforeEach
    void begins() {
        sagas = new BrokenSagas(pool);
        sagas.forgetAll();
    }

    @AfterEach
    void forgets() {
        sagas.forgetAll();
    }

    @Test
    void resumesAStuckSagaAndSaysWhoWantedIt() {
        UUID saga = sagas.is("STUCK", "charge-payment");

        order(saga, "resume", Map.of("reason", "the bank is back"))
                .statusCode(200)
                .body("phase", equalTo("UNDOING"))
                .body("step", equalTo("charge-payment"))
                .body("orders[0].operator", equalTo(OPERATOR.toString()))
                .body("orders[0].verb", equalTo("RESUME"))
                .body("orders[0].reason", equalTo("the bank is back"))
                .body("log[0].what", equalTo("RESENT"))
                .body("log[0].messageId", containsString("operator:"))
                .body("traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"));

        assertThat(sagas.count(
                        "select count(*) from sagas where id = $1 and due_at > now() and check_at <= due_at", saga))
                .isEqualTo(1);
    }

    /** What it sends is in the outbox of the same transaction, and gone when the broker has it. */
    @Test
    void sendsTheCommandOnce() {
        UUID saga = sagas.is("STUCK", "charge-payment");

        order(saga, "resume", Map.of()).statusCode(200);

        await().atMost(10, SECONDS).until(() -> sagas.count("select count(*) from outbox") == 0);
    }

    @Test
    void asksAgainGivesUpAndSkips() {
        UUID running = sagas.is("RUNNING", "charge-payment");
        UUID waiting = sagas.is("RUNNING", "approve-order");
        UUID stuck = sagas.is("STUCK", "charge-payment");

        order(waiting, "retry", Map.of()).statusCode(200).body("phase", equalTo("RUNNING"));
        order(running, "compensate", Map.of())
                .statusCode(200)
                .body("phase", equalTo("UNDOING"))
                .body("failure.code", equalTo("timed-out"));
        order(stuck, "skip", Map.of("reason", "paid back by hand", "step", "charge-payment"))
                .statusCode(200)
                .body("phase", equalTo("UNDOING"))
                .body("step", equalTo("reserve-stock"));
    }

    @Test
    void refusesWhatTheStateDoesNotAllow() {
        UUID past = sagas.is("RUNNING", "approve-order");
        UUID stuck = sagas.is("STUCK", "charge-payment");

        order(past, "compensate", Map.of())
                .statusCode(409)
                .body("code", equalTo("conflict"))
                .body("detail", containsString("past its pivot"));
        order(stuck, "retry", Map.of()).statusCode(409).body("detail", containsString("resume it"));
        order(stuck, "skip", Map.of("reason", "twice", "step", "reserve-stock"))
                .statusCode(409)
                .body("detail", containsString("left that step"));

        assertThat(sagas.count("select count(*) from operator_orders")).isZero();
    }

    /** While two builds run, an order reaches either. */
    @Test
    void saysThatASagaBelongsToANewerBuild() {
        UUID stuck = sagas.is("STUCK", "charge-payment");
        sagas.change(
                "insert into saga_definitions (name, hash) values ('place-order', 'newer') on conflict do nothing");
        sagas.change("update sagas set definition_id = (select id from saga_definitions where hash = 'newer')");

        order(stuck, "resume", Map.of()).statusCode(409).body("detail", containsString("newer build"));
        operator()
                .contentType(ContentType.JSON)
                .body(Map.of())
                .post("/api/v1/ops/sagas/repair?verb=resume&state=STUCK")
                .then()
                .statusCode(200)
                .body("refused.FOREIGN", equalTo(1));
    }

    @Test
    void refusesWhatMakesNoSense() {
        UUID stuck = sagas.is("STUCK", "charge-payment");

        order(stuck, "skip", Map.of()).statusCode(422).body("errors", hasSize(2));
        order(stuck, "explode", Map.of()).statusCode(404);
        order(UUID.randomUUID(), "retry", Map.of()).statusCode(404);
        order(stuck, "resume", Map.of("force", true)).statusCode(422).body("errors[0].pointer", equalTo("/force"));
        operator()
                .noContentType()
                .post("/api/v1/ops/sagas/not-a-uuid/retry")
                .then()
                .statusCode(404);
        operator().get("/api/v1/ops/sagas?state=SLEEPY").then().statusCode(400);
        operator().get("/api/v1/ops/sagas?olderThan=a%20while").then().statusCode(400);
        operator().get("/api/v1/ops/sagas?limit=0").then().statusCode(400);
        operator().get("/api/v1/ops/sagas?cursor=x").then().statusCode(400);
        operator()
                .noContentType()
                .post("/api/v1/ops/sagas/repair?verb=resume")
                .then()
                .statusCode(400);
        operator()
                .noContentType()
                .post("/api/v1/ops/sagas/repair?state=STUCK")
                .then()
                .statusCode(404);
    }

    @Test
    void isForOperatorsAlone() {
        given().get("/api/v1/ops/sagas").then().statusCode(401);
        given().header("Authorization", "Bearer " + Backends.token(OPERATOR, "orders:read orders:write"))
                .get("/api/v1/ops/sagas")
                .then()
                .statusCode(403);
    }

    @Test
    void listsByStateTypeStepAndAgePageByPage() {
        List<UUID> stuck = sagas.are(5, "STUCK", "charge-payment");
        sagas.are(3, "RUNNING", "reserve-stock");

        String first = operator()
                .get("/api/v1/ops/sagas?state=stuck&step=charge-payment&type=place-order&olderThan=PT5M&limit=3")
                .then()
                .statusCode(200)
                .body("items", hasSize(3))
                .body("items.phase", equalTo(List.of("STUCK", "STUCK", "STUCK")))
                .extract()
                .path("nextCursor");
        List<String> rest = operator()
                .get("/api/v1/ops/sagas?state=STUCK&limit=3&cursor=" + first)
                .then()
                .statusCode(200)
                .body("$", not(org.hamcrest.Matchers.hasKey("nextCursor")))
                .extract()
                .path("items.id");

        assertThat(rest)
                .hasSize(2)
                .isSubsetOf(stuck.stream().map(UUID::toString).toList());
        operator().get("/api/v1/ops/sagas?state=STUCK&olderThan=PT1H").then().body("items", hasSize(0));
        operator().get("/api/v1/ops/sagas").then().body("items", hasSize(8));
    }

    @Test
    void showsNothingThatPaysOrWhereSomebodyLives() {
        UUID saga = sagas.is("STUCK", "charge-payment");

        String shown = operator()
                .get("/api/v1/ops/sagas/" + saga)
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(shown).doesNotContain(BrokenSagas.CARD, "ada@example.com", "1 Way");
    }

    @Test
    void repairsAThousandAtOnce() {
        sagas.are(1000, "STUCK", "charge-payment");
        sagas.are(10, "STUCK", "reserve-stock");
        UUID other = sagas.is("RUNNING", "approve-order");

        operator()
                .noContentType()
                .post("/api/v1/ops/sagas/repair?verb=resume&state=STUCK&step=charge-payment&dryRun=true")
                .then()
                .statusCode(200)
                .body("matched", equalTo(1000))
                .body("done", equalTo(0));
        assertThat(sagas.count("select count(*) from sagas where phase = 'STUCK'"))
                .isEqualTo(1010);
        operator()
                .contentType(ContentType.JSON)
                .body(Map.of("reason", "the bank is back"))
                .post("/api/v1/ops/sagas/repair?verb=resume&state=STUCK&step=charge-payment")
                .then()
                .statusCode(200)
                .body("matched", equalTo(1000))
                .body("done", equalTo(1000))
                .body("more", equalTo(false));

        assertThat(sagas.count("select count(*) from sagas where phase = 'STUCK'"))
                .isEqualTo(10);
        assertThat(sagas.count("select count(*) from operator_orders where reason = 'the bank is back'"))
                .isEqualTo(1000);
        assertThat(sagas.row(PHASE, other).getString(0)).isEqualTo("RUNNING");
        await().atMost(30, SECONDS).until(() -> sagas.count("select count(*) from outbox") == 0);
    }

    @Test
    void saysHowManyOfManyItRefused() {
        sagas.are(3, "RUNNING", "reserve-stock");
        sagas.are(2, "RUNNING", "approve-order");

        operator()
                .noContentType()
                .post("/api/v1/ops/sagas/repair?verb=compensate&state=RUNNING")
                .then()
                .statusCode(200)
                .body("matched", equalTo(5))
                .body("done", equalTo(3))
                .body("refused.TOO_LATE", equalTo(2));
    }

    private static ValidatableResponse order(UUID saga, String verb, Map<String, ?> body) {
        return operator()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/ops/sagas/" + saga + "/" + verb)
                .then();
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", "Bearer " + Backends.token(OPERATOR, "ops"));
    }
}
