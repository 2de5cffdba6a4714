package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class CancelServiceTest {

    private static final String POT = "select count(*) as n from prices where sku = 'POT'";
    private static final String COMMANDS = Topics.ORDER_COMMANDS;
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final Failure DECLINED = new Failure("card-declined", "no money");
    private static final Failure WISHED = new Failure(Failure.CANCELLED, "the customer cancelled");
    private static final Reply.AlreadyDispatched LEFT = new Reply.AlreadyDispatched(Instant.EPOCH);

    @Inject
    Pool pool;

    @Inject
    OrderSweeper sweeper;

    private Wire wire;

    @BeforeEach
    void stockTheShelves() {
        Customer.ADA.asks();
        wire = new Wire(Topics.ORDER_EVENTS, Topics.SAGA_REPLIES);
        stock(wire, pool);
    }

    /** The one product that these orders are about. */
    static void stock(Wire wire, Pool pool) {
        if (count(pool, POT) == 0) {
            ProductChanged pot = new ProductChanged("POT", "Pot", "", new Money(700, "EUR"), List.of(), 1);
            wire.send(Topics.PRODUCT_EVENTS, "POT", "POT:1", "product-changed", Json.bytes(pot));
            await().atMost(BOUND).until(() -> count(pool, POT) == 1);
        }
    }

    @AfterEach
    void disconnect() {
        Customer.nobodyAsks();
        wire.close();
    }

    @Test
    void takesTheRequestOfAnOrderThatIsBeingPlaced() {
        UUID order = place();

        Response response = cancel(order, key(), "{\"reason\": \"found it cheaper\"}");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.header("Location")).isEqualTo("/api/v1/orders/" + order);
        assertThat(response.<String>path("id")).isEqualTo(order.toString());
        assertThat(response.<String>path("status")).isEqualTo("PENDING");
        assertThat(response.<String>path("cancelRequestedAt")).isNotNull();
        OrderCancellationRequested said = said(order, 2).getLast();
        assertThat(said.approved()).isFalse();
        assertThat(said.reason()).isEqualTo("found it cheaper");
        assertThat(said.total()).isEqualTo(new Money(1400, "EUR"));
        assertThat(ids(order, 2)).containsExactly(order + ":placed", order + ":cancel");
        assertThat(show(order).<String>path("cancellation.requestedAt"))
                .isEqualTo(response.<String>path("cancelRequestedAt"));
        assertThat(show(order).header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void endsCancelledWhenTheSagaTurnsRound() {
        UUID order = place();
        cancel(order, key(), "");

        saga("place-order", order, 1, "reserve-stock", What.STARTED, Phase.RUNNING, null, null);
        saga("place-order", order, 2, "reserve-stock", What.CANCELLED, Phase.UNDOING, WISHED, null);
        awaitStatus(order, "CANCELLING");
        command("order-placed", Direction.UNDO, new RejectOrder(order, WISHED));
        saga("place-order", order, 3, "reserve-stock", What.UNDONE, Phase.UNDOING, WISHED, null);
        saga("place-order", order, 4, "order-placed", What.UNDONE, Phase.COMPENSATED, WISHED, null);
        awaitStatus(order, "CANCELLED");

        assertThat(statusOf(order)).isEqualTo("CANCELLED");
        assertThat(show(order).<Object>path("failure")).isNull();
    }

    @Test
    void endsCancelledAlsoWhenTheOrderFailsOfItself() {
        UUID order = place();
        cancel(order, key(), "");

        command("order-placed", Direction.UNDO, new RejectOrder(order, DECLINED));

        assertThat(statusOf(order)).isEqualTo("CANCELLED");
    }

    @Test
    void asksAgainWhenTheOrderIsApprovedBeforeTheSagaHears() {
        UUID order = place();
        cancel(order, key(), "");

        command("approve-order", Direction.DO, new ApproveOrder(order));

        assertThat(ids(order, 3)).containsExactly(order + ":placed", order + ":cancel", order + ":cancel:approved");
        assertThat(said(order, 3).getLast().approved()).isTrue();
    }

    @Test
    void asksOnceWhenTheOrderIsApprovedAlready() {
        UUID order = approved();

        cancel(order, key(), "");
        cancel(order, key(), "");

        assertThat(ids(order, 2)).containsExactly(order + ":placed", order + ":cancel:approved");
    }

    @Test
    void meetsTheApprovalUnderTheLockOfTheOrder() throws Exception {
        for (int i = 0; i < 4; i++) {
            UUID order = place();
            MessageId id = new MessageId(UUID.randomUUID(), "approve-order", Direction.DO);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Response> cancel = threads.submit(() -> cancel(order, key(), ""));
                wire.send(COMMANDS, id, new ApproveOrder(order));
                assertThat(cancel.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
            }
            wire.replies(id.sagaId(), 1);

            await().atMost(BOUND).untilAsserted(() -> assertThat(ids(order, 2)).contains(order + ":cancel:approved"));
        }
    }

    @Test
    void cancelsAnApprovedOrder() {
        UUID order = approved();
        cancel(order, key(), "");

        saga("cancel-order", order, 1, "cancel-requested", What.STARTED, Phase.RUNNING, null, null);
        saga("cancel-order", order, 2, "cancel-shipment", What.DONE, Phase.RUNNING, null, null);
        awaitStatus(order, "CANCELLING");
        command("mark-cancelled", Direction.DO, new MarkCancelled(order));
        saga("cancel-order", order, 3, "mark-cancelled", What.DONE, Phase.RUNNING, null, null);
        awaitStatus(order, "CANCELLED");

        Response again = cancel(order, key(), "");
        assertThat(statusOf(order)).isEqualTo("CANCELLED");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.<String>path("status")).isEqualTo("CANCELLED");
    }

    @Test
    void saysThatTheParcelHasLeftAndSaysItAgain() throws Exception {
        UUID order = approved();
        String key = key();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> waiting = threads.submit(() -> cancel(order, key, ""));
            ids(order, 2);
            // In time or not, what was said first is said again; the parcel is gone for every later request.
            command("cancel-requested", Direction.UNDO, new KeepOrder(order, LEFT.failure()));
            saga("cancel-order", order, 1, "cancel-requested", What.STARTED, Phase.RUNNING, null, null);
            saga("cancel-order", order, 2, "cancel-shipment", What.REJECTED, Phase.UNDOING, LEFT.failure(), LEFT);
            Response first = waiting.get(20, TimeUnit.SECONDS);
            Response replayed = cancel(order, key, "");
            assertThat(replayed.statusCode()).isEqualTo(first.statusCode());
            assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        }

        problem(cancel(order, key(), ""), 409, "already-dispatched");
        assertThat(statusOf(order)).isEqualTo("APPROVED");
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(show(order).<String>path("cancellation.refused.code"))
                        .isEqualTo("already-dispatched"));
        assertThat(show(order).<Object>path("failure")).isNull();
    }

    @Test
    void replaysARefusal() {
        UUID order = approved();
        command("cancel-requested", Direction.UNDO, new KeepOrder(order, LEFT.failure()));
        String key = key();
        problem(cancel(order, key, ""), 409, "already-dispatched");

        Response again = cancel(order, key, "");

        problem(again, 409, "already-dispatched").header("Idempotent-Replayed", is("true"));
    }

    @Test
    void refusesToCancelARejectedOrder() {
        UUID order = place();
        command("order-placed", Direction.UNDO, new RejectOrder(order, DECLINED));

        problem(cancel(order, key(), ""), 409, "order-ended");

        assertThat(statusOf(order)).isEqualTo("REJECTED");
        assertThat(ids(order, 1)).containsExactly(order + ":placed");
    }

    @Test
    void knowsNoOrderOfSomebodyElse() {
        UUID order = place();
        pool.preparedQuery("update orders set customer_id = $2 where id = $1")
                .execute(Tuple.of(order, UUID.randomUUID()))
                .await()
                .atMost(BOUND);
        String key = key();

        problem(cancel(order, key, ""), 404, "not-found");
        problem(cancel(UUID.randomUUID(), key, ""), 404, "not-found");
        problem(post("42", key, ""), 404, "not-found");

        assertThat(count("select count(*) as n from idempotency_keys where key = '" + key + "'"))
                .isZero();
    }

    @Test
    void replaysTheAnswerToTheSameRequestWhateverHasHappenedSince() {
        UUID order = place();
        String key = key();
        Response first = cancel(order, key, "{\"reason\":\"late\"}");
        command("order-placed", Direction.UNDO, new RejectOrder(order, WISHED));

        Response again = cancel(order, key, "{ \"reason\" : \"late\" }");

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotent-Replayed")).isNull();
    }

    @Test
    void refusesAKeyThatStandsForAnotherRequest() {
        UUID order = place();
        String key = key();
        cancel(order, key, "");

        problem(cancel(order, key, "{\"reason\":\"other\"}"), 422, "idempotency-key-reused");
        problem(cancel(place(), key, ""), 422, "idempotency-key-reused");
    }

    @Test
    void settlesARequestWhoseFirstAnswerGotLost() {
        UUID order = place();
        String key = key();
        cancel(order, key, "");
        pool.preparedQuery("update idempotency_keys set answer = '' where key = $1")
                .execute(Tuple.of(key))
                .await()
                .atMost(BOUND);

        Response again = cancel(order, key, "");

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(cancel(order, key, "").asString()).isEqualTo(again.asString());
    }

    @Test
    void asksOnceForManyRequestsAtOnce() throws Exception {
        UUID order = place();
        String key = key();
        List<Callable<Response>> calls = new ArrayList<>(Collections.nCopies(4, () -> cancel(order, key, "")));
        calls.addAll(Collections.nCopies(4, () -> cancel(order, key(), "")));

        List<Response> responses = together(calls);

        assertThat(responses).extracting(Response::statusCode).contains(202).containsAnyOf(202, 409);
        responses.stream()
                .filter(response -> response.statusCode() != 202)
                .forEach(response -> problem(response, 409, "request-in-progress"));
        assertThat(ids(order, 2)).containsExactly(order + ":placed", order + ":cancel");
    }

    @Test
    void pointsAtWhatIsWrong() {
        UUID order = place();

        problem(cancel(order, key(), "no json"), 400, "malformed-body");
        problem(cancel(order, key(), "[]"), 422, "invalid-request");
        problem(cancel(order, key(), "{\"why\":\"x\"}"), 422, "invalid-request").body("errors[0].pointer", is("/why"));
        problem(cancel(order, key(), "{\"reason\":7}"), 422, "invalid-request")
                .body("errors[0].pointer", is("/reason"));
        problem(cancel(order, key(), "{\"reason\":\"" + "x".repeat(201) + "\"}"), 422, "invalid-request");
        problem(cancel(order, "a b", ""), 400, "idempotency-key-invalid");
        problem(given().post("/api/v1/orders/" + order + "/cancel"), 400, "idempotency-key-missing");

        assertThat(cancel(order, key(), "{\"reason\":null}").statusCode()).isEqualTo(202);
    }

    @Test
    void asksAgainWhenNoSagaHasHeardOfIt() {
        UUID order = place();
        cancel(order, key(), "");
        ids(order, 2);

        sweeper.sweepCancellations(Instant.now().plusSeconds(31)).await().atMost(BOUND);

        assertThat(ids(order, 3)).containsExactly(order + ":placed", order + ":cancel", order + ":cancel");
    }

    static UUID place() {
        String body = Json.text(Map.of(
                "items", List.of(Map.of("sku", "POT", "quantity", 2)),
                "shippingAddress",
                        Map.of(
                                "name", "Ada Lovelace",
                                "line1", "12 St James's Square",
                                "city", "London",
                                "postalCode", "SW1Y 4JH",
                                "country", "DE"),
                "paymentMethod", Map.of("cardToken", "tok_ok")));
        return UUID.fromString(given().header("Idempotency-Key", key())
                .contentType("application/json")
                .body(body)
                .post("/api/v1/orders")
                .path("id"));
    }

    private UUID approved() {
        UUID order = place();
        ids(order, 1);
        command("approve-order", Direction.DO, new ApproveOrder(order));
        return order;
    }

    /** As a saga does; comes back when it is answered. */
    private void command(String step, Direction direction, OrderCommand command) {
        UUID saga = UUID.randomUUID();
        wire.send(COMMANDS, new MessageId(saga, step, direction), command);
        wire.replies(saga, 1);
    }

    private void saga(
            String saga,
            UUID order,
            int sequence,
            String step,
            What what,
            Phase phase,
            @Nullable Failure failure,
            @Nullable Reply reply) {
        SagaAdvanced event =
                new SagaAdvanced(order, saga, order, sequence, Instant.now(), step, what, phase, failure, reply);
        wire.send(Topics.SAGA_EVENTS, order.toString(), saga + order + sequence, "saga-advanced", Json.bytes(event));
    }

    static Response cancel(UUID order, String key, String body) {
        return post(order.toString(), key, body);
    }

    private static Response post(String order, String key, String body) {
        var request = given().header("Idempotency-Key", key);
        return (body.isEmpty()
                        ? request
                        : request.contentType("application/json").body(body))
                .post("/api/v1/orders/" + order + "/cancel");
    }

    private static Response show(UUID order) {
        return given().get("/api/v1/orders/" + order);
    }

    private static void awaitStatus(UUID order, String status) {
        await().atMost(BOUND).until(() -> show(order).path("status").equals(status));
    }

    private List<String> ids(UUID order, int atLeast) {
        return wire.hear(Topics.ORDER_EVENTS, order.toString(), atLeast).stream()
                .map(record -> Wire.header(record, "ce_id"))
                .toList();
    }

    private List<OrderCancellationRequested> said(UUID order, int atLeast) {
        return wire.hear(Topics.ORDER_EVENTS, order.toString(), atLeast).stream()
                .filter(record -> "order-cancellation-requested".equals(Wire.header(record, "ce_type")))
                .map(record -> Json.read(record.value(), OrderCancellationRequested.class))
                .toList();
    }

    static io.restassured.response.ValidatableResponse problem(Response response, int status, String code) {
        return response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", is(code));
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    static String key() {
        return UUID.randomUUID().toString();
    }

    private String statusOf(UUID order) {
        Row row = pool.preparedQuery("select status from orders where id = $1")
                .execute(Tuple.of(order))
                .await()
                .atMost(BOUND)
                .iterator()
                .next();
        return row.getString("status");
    }

    private long count(String sql) {
        return count(pool, sql);
    }

    static long count(Pool pool, String sql) {
        return pool.query(sql).execute().await().atMost(BOUND).iterator().next().getLong("n");
    }
}
