package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.startsWith;

import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.OrderPlaced;
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
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class OrderServiceTest {

    private static final String COMMANDS = Topics.ORDER_COMMANDS;
    private static final String DEAD = Topics.deadLetters(COMMANDS);
    private static final Failure DECLINED = new Failure("card-declined", "no money");

    @Inject
    Pool pool;

    @Inject
    OrderSweeper sweeper;

    @Inject
    MeterRegistry meters;

    private Wire wire;

    @BeforeEach
    void stockTheShelves() {
        Customer.ADA.asks();
        wire = new Wire(Topics.ORDER_EVENTS, Topics.SAGA_REPLIES, DEAD);
        if (count("select count(*) as n from prices where sku in ('TEA', 'CUP')") == 0) {
            announce("TEA", 250, 2);
            announce("CUP", 999, 1);
            await().until(() -> count("select count(*) as n from prices where sku in ('TEA', 'CUP')") == 2);
        }
    }

    @AfterEach
    void disconnect() {
        Customer.nobodyAsks();
        wire.close();
    }

    /** A rotation with nobody in it is an alert; one that does not exist is none. */
    @Test
    void hasNoFiguresOfAReplicaThatThereIsNot() {
        assertThat(meters.find("replica.in.rotation").gauge()).isNull();
        assertThat(meters.find("replica.lag").gauge()).isNull();
    }

    @Test
    void acceptsAnOrderAndSaysSo() {
        Response response = post(key(), body("TEA", 3));

        String id = response.path("id");
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.header("Location")).isEqualTo("/api/v1/orders/" + id);
        assertThat(response.<String>path("status")).isEqualTo("PENDING");
        assertThat(response.<Integer>path("total.amountMinor")).isEqualTo(750);
        assertThat(response.<String>path("eventsUrl")).isEqualTo("/api/v1/orders/" + id + "/events");
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        var record = wire.hear(Topics.ORDER_EVENTS, id, 1).getFirst();
        assertThat(Wire.header(record, "ce_id")).isEqualTo(id + ":placed");
        assertThat(Json.read(record.value(), OrderPlaced.class).cardToken()).isEqualTo("tok_ok");
    }

    /** Nothing would ever bring to the sagas what is stored without its message. */
    @Test
    void storesNoOrderThatItCannotSay() {
        long before = everything();
        run("""
                create function refuse() returns trigger language plpgsql as $$ begin raise 'no room'; end $$;
                create trigger refuse before insert on outbox execute function refuse()""");
        try {
            assertThat(post(key(), body("TEA", 3)).statusCode()).isGreaterThanOrEqualTo(500);
        } finally {
            run("drop trigger refuse on outbox; drop function refuse()");
        }

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void continuesTheTraceOfTheRequest() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        String id = given().header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .header("Idempotency-Key", key())
                .contentType("application/json")
                .body(body("TEA", 1))
                .post("/api/v1/orders")
                .path("id");

        var record = wire.hear(Topics.ORDER_EVENTS, id, 1).getFirst();

        assertThat(Wire.header(record, "traceparent")).contains(trace);
    }

    @Test
    void keepsAnOrderFromOthers() {
        String id = post(key(), body("TEA", 1)).path("id");
        Customer.stranger().asks();

        problem(given().get("/api/v1/orders/" + id), 404, "not-found");
        assertThat(given().get("/api/v1/orders").<List<String>>path("items.id")).isEmpty();
    }

    @Test
    void keepsAKeyForEachCaller() {
        String key = key();
        String mine = post(key, body("TEA", 1)).path("id");
        Customer.stranger().asks();

        Response other = post(key, body("TEA", 2));

        assertThat(other.statusCode()).isEqualTo(202);
        assertThat(other.<String>path("id")).isNotEqualTo(mine);
    }

    @Test
    void asksForATokenWithTheScopeOfTheRoute() {
        Customer.nobodyAsks();
        Response none = given().get("/api/v1/orders");
        Response junk = given().header("Authorization", "Bearer x.y.z").get("/api/v1/orders");
        Customer.ADA.with("orders:read").asks();
        Response read = post(key(), body("TEA", 1));
        Customer.ADA.with("orders:write catalog:write ops").asks();
        Response write = given().get("/api/v1/orders/" + UUID.randomUUID());

        problem(none, 401, "unauthenticated").header("WWW-Authenticate", startsWith("Bearer"));
        problem(junk, 401, "unauthenticated");
        problem(read, 403, "insufficient-scope");
        problem(write, 403, "insufficient-scope");
    }

    @Test
    void replaysTheAnswerToTheSameRequest() {
        String key = key();
        Response first = post(key, body("TEA", 3));

        Response again = post(key, body("TEA", 3).replace(":", " : "));

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.asString()).isEqualTo(first.asString());
        assertThat(first.header("Idempotent-Replayed")).isNull();
        assertThat(wire.hear(Topics.ORDER_EVENTS, first.path("id"), 1)).hasSize(1);
    }

    @Test
    void refusesAKeyThatStandsForAnotherRequest() {
        String key = key();
        post(key, body("TEA", 3));

        problem(post(key, body("TEA", 4)), 422, "idempotency-key-reused");
        problem(post(key, body("NO-SUCH", 4)), 422, "idempotency-key-reused");
    }

    @Test
    void placesOneOrderForManyRequestsAtOnceUnderOneKey() throws Exception {
        String key = key();
        List<Response> responses = together(Collections.nCopies(8, () -> post(key, body("TEA", 1))));

        assertThat(responses).extracting(Response::statusCode).contains(202).containsAnyOf(202, 409);
        assertThat(responses)
                .allSatisfy(response -> assertThat(response.statusCode()).isIn(202, 409));
        assertThat(responses.stream()
                        .filter(r -> r.statusCode() == 202)
                        .map(r -> r.<String>path("id"))
                        .distinct())
                .hasSize(1);
        responses.stream().filter(r -> r.statusCode() == 409).forEach(response -> {
            problem(response, 409, "request-in-progress");
            assertThat(response.header("Retry-After")).isEqualTo("1");
        });
    }

    @Test
    void waitsForAnotherReplicaThatHoldsTheKey() throws Exception {
        String key = key();
        var replica = pool.getConnection().await().atMost(Duration.ofSeconds(5));
        var tx = replica.begin().await().atMost(Duration.ofSeconds(5));
        String taken = """
                insert into idempotency_keys (customer_id, route, key, body_hash, order_id, answer)
                values ('%s', '%s', '%s', 'other', '%s', '{}')""".formatted(Customer.ADA.id(), KeyScope.ROUTE, key, UUID.randomUUID());
        replica.query(taken).execute().await().atMost(Duration.ofSeconds(5));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> waiting = threads.submit(() -> post(key, body("TEA", 1)));
            await().until(() -> count("select count(*) as n from pg_locks where not granted") > 0);
            tx.commit().await().atMost(Duration.ofSeconds(5));
            problem(waiting.get(10, TimeUnit.SECONDS), 422, "idempotency-key-reused");
        } finally {
            replica.close().await().atMost(Duration.ofSeconds(5));
        }
    }

    @Test
    void acceptsManyAtOnceAndMixesThemUpWithBadOnes() throws Exception {
        List<Callable<Response>> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String sku = i % 3 == 0 ? "NO-SUCH" : "CUP";
            int quantity = i + 1;
            requests.add(() -> post(key(), body(sku, quantity)));
        }

        List<Response> responses = together(requests);

        for (int i = 0; i < 60; i++) {
            if (i % 3 == 0) {
                problem(responses.get(i), 422, "unknown-sku");
            } else {
                assertThat(responses.get(i).<Integer>path("total.amountMinor")).isEqualTo(999 * (i + 1));
            }
        }
    }

    @Test
    void storesNothingForBadInput() {
        long before = everything();

        problem(post(key(), "no json"), 400, "malformed-body");
        problem(post(key(), ""), 400, "malformed-body");
        problem(post(key(), body("TEA", 0)), 422, "invalid-request");
        problem(post(key(), body("TEA", 1_000_000_000)), 422, "invalid-request");
        problem(post(key(), body("TEA", 1).replace("\"DE\"", "\"XX\"")), 422, "invalid-request");
        problem(post(key(), body("TEA", 1).replace("\"items\"", "\"things\"")), 422, "invalid-request");
        problem(post(key(), body("NO-SUCH", 1)), 422, "unknown-sku");
        problem(post("clé", body("TEA", 1)), 400, "idempotency-key-invalid");
        problem(post("a b", body("TEA", 1)), 400, "idempotency-key-invalid");
        problem(post("k".repeat(256), body("TEA", 1)), 400, "idempotency-key-invalid");
        Response none =
                given().contentType("application/json").body(body("TEA", 1)).post("/api/v1/orders");
        problem(none, 400, "idempotency-key-missing");

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void pointsAtWhatIsWrong() {
        problem(post(key(), body("NO-SUCH", 1)), 422, "unknown-sku")
                .body("errors.pointer", org.hamcrest.Matchers.contains("/items/0/sku"))
                .body("retryable", org.hamcrest.Matchers.is(false))
                .body("type", org.hamcrest.Matchers.is("/problems/unknown-sku"))
                .body("instance", org.hamcrest.Matchers.is("/api/v1/orders"))
                .body("traceId", org.hamcrest.Matchers.hasLength(32));
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        String large = body("TEA", 1) + " ".repeat(1 << 20);

        problem(post(key(), large), 413, "body-too-large");
    }

    @Test
    void countsABodyThatComesInChunks() throws Exception {
        assertThat(postInChunks(body("TEA", 1)).statusCode()).isEqualTo(202);
        HttpResponse<String> answer = postInChunks(body("TEA", 1) + " ".repeat(1 << 20));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("body-too-large");
    }

    @Test
    void answersEveryMistakeWithAProblem() {
        problem(given().get("/api/v1/orders/42"), 404, "not-found");
        problem(given().get("/api/v1/orders/" + UUID.randomUUID()), 404, "not-found");
        problem(given().get("/api/v1/nothing"), 404, "not-found");
        problem(given().delete("/api/v1/orders"), 405, "method-not-allowed");
        problem(given().contentType("text/plain").body("x").post("/api/v1/orders"), 415, "unsupported-media-type");
        problem(given().get("/api/v1/orders?limit=101"), 400, "bad-request");
        problem(given().get("/api/v1/orders?limit=x"), 400, "bad-request");
        problem(given().get("/api/v1/orders?status=LOST"), 400, "bad-request");
        problem(given().get("/api/v1/orders?cursor=made-up"), 400, "bad-request");
    }

    @Test
    void showsAnOrderAsSoonAsItIsAccepted() {
        String id = post(key(), body("TEA", 3)).path("id");

        Response shown = given().get("/api/v1/orders/" + id);

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.header("ETag")).isEqualTo("\"1\"");
        assertThat(shown.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(shown.<String>path("status")).isEqualTo("PENDING");
        assertThat(shown.<String>path("items[0].sku")).isEqualTo("TEA");
        assertThat(shown.asString()).doesNotContain("tok_ok");
        Response again = given().header("If-None-Match", "\"1\"").get("/api/v1/orders/" + id);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.asString()).isEmpty();
    }

    @Test
    void foldsTheSagaIntoTheView() {
        String id = post(key(), body("TEA", 3)).path("id");
        UUID order = UUID.fromString(id);
        saga(order, 1, "reserve-stock", What.STARTED, Phase.RUNNING, null);
        saga(order, 2, "reserve-stock", What.DONE, Phase.RUNNING, new Reply.StockReserved());
        saga(order, 2, "reserve-stock", What.DONE, Phase.RUNNING, new Reply.StockReserved());
        saga(UUID.randomUUID(), 1, "reserve-stock", What.STARTED, Phase.RUNNING, null);
        saga(order, 3, "charge-payment", What.DONE, Phase.RUNNING, new Reply.PaymentCharged("ch_1", eur(750)));

        await().until(() -> given().get("/api/v1/orders/" + id).path("status").equals("PAID"));

        Response shown = given().get("/api/v1/orders/" + id);
        assertThat(shown.<String>path("payment.chargeId")).isEqualTo("ch_1");
        assertThat(shown.<List<Integer>>path("timeline.sequence")).containsExactly(0, 1, 2, 3);
        assertThat(shown.header("ETag")).isNotEqualTo("\"1\"");
        assertThat(given().header("If-None-Match", "\"1\"")
                        .get("/api/v1/orders/" + id)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void listsNewestFirstPageByPage() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            placed.addFirst(post(key(), body("CUP", 1)).path("id"));
        }

        Response page = given().get("/api/v1/orders?limit=2&status=PENDING");
        Response next =
                given().urlEncodingEnabled(false).get(page.header("Link").replaceAll("^<|>; rel=\"next\"$", ""));

        assertThat(page.<List<String>>path("items.id")).isEqualTo(placed.subList(0, 2));
        assertThat(next.<List<String>>path("items.id")).isEqualTo(placed.subList(2, 4));
        assertThat(page.header("Link")).contains(page.<String>path("nextCursor"));
        problem(given().get("/api/v1/orders?cursor=" + page.path("nextCursor")), 400, "bad-request");
    }

    @Test
    void listsAllWithoutFilter() {
        String id = post(key(), body("CUP", 1)).path("id");

        assertThat(given().get("/api/v1/orders").<List<String>>path("items.id"))
                .first()
                .isEqualTo(id);
    }

    @Test
    void approvesOnceAndAnswersTwice() {
        UUID order = place();
        MessageId id = new MessageId(UUID.randomUUID(), "approve-order", Direction.DO);

        wire.send(COMMANDS, id, new ApproveOrder(order));
        wire.send(COMMANDS, id, new ApproveOrder(order));

        assertThat(wire.replies(id.sagaId(), 2)).hasSize(2).containsOnly(new Reply.OrderApproved());
        assertThat(statusOf(order)).isEqualTo("APPROVED");
    }

    @Test
    void rejectsAsTheUndoOfPlacing() {
        UUID order = place();
        MessageId id = new MessageId(UUID.randomUUID(), "order-placed", Direction.UNDO);

        wire.send(COMMANDS, id, new RejectOrder(order, DECLINED));

        assertThat(wire.replies(id.sagaId(), 1)).containsExactly(new Reply.OrderRejected());
        assertThat(statusOf(order)).isEqualTo("REJECTED");
    }

    @Test
    void rejectsNothingSuccessfully() {
        MessageId id = new MessageId(UUID.randomUUID(), "order-placed", Direction.UNDO);

        wire.send(COMMANDS, id, new RejectOrder(UUID.randomUUID(), DECLINED));

        assertThat(wire.replies(id.sagaId(), 1)).containsExactly(new Reply.OrderRejected());
    }

    @Test
    void refusesAnApprovalThatItsUndoOvertook() {
        UUID order = place();
        UUID saga = UUID.randomUUID();
        wire.send(COMMANDS, new MessageId(saga, "approve-order", Direction.UNDO), new RejectOrder(order, DECLINED));
        wire.replies(saga, 1);

        wire.send(COMMANDS, new MessageId(saga, "approve-order", Direction.DO), new ApproveOrder(order));

        assertThat(wire.replies(saga, 2)).containsExactly(new Reply.OrderRejected(), new Reply.Refused());
        assertThat(statusOf(order)).isEqualTo("REJECTED");
    }

    @Test
    void putsTheApprovalOfNoOrderAsideAndItsNeighboursThrough() {
        UUID order = place();
        UUID lost = UUID.randomUUID();
        UUID saga = UUID.randomUUID();
        wire.send(COMMANDS, new MessageId(lost, "approve-order", Direction.DO), new ApproveOrder(UUID.randomUUID()));
        wire.send(COMMANDS, lost.toString(), "x", "approve-order", "no json".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, lost.toString(), "x", "launch-rocket", "{}".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, null, "x", "approve-order", "{}".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, new MessageId(saga, "approve-order", Direction.DO), new ApproveOrder(order));

        assertThat(wire.replies(saga, 1)).containsExactly(new Reply.OrderApproved());
        assertThat(wire.hear(DEAD, lost.toString(), 3)).hasSize(3);
        assertThat(wire.hear(DEAD, null, 1)).hasSize(1);
    }

    @Test
    void doesNotTakeAnOlderPriceForANewerOne() {
        announce("TEA", 1, 1);
        announce("MARK", 100, 1);
        await().until(() -> count("select count(*) as n from prices where sku = 'MARK'") == 1);

        // The two may be on different partitions: the old price is through when a newer one of the same product is.
        announce("TEA", 250, 3);
        await().until(() -> count("select version as n from prices where sku = 'TEA'") == 3);

        assertThat(count("select price_minor as n from prices where sku = 'TEA'"))
                .isEqualTo(250);
    }

    @Test
    void announcesAgainWhatNoSagaTookUp() {
        UUID order = place();
        UUID started = place();
        wire.hear(Topics.ORDER_EVENTS, order.toString(), 1);
        saga(started, 1, "reserve-stock", What.STARTED, Phase.RUNNING, null);
        await().until(() -> count("select sequence as n from order_views where order_id = '" + started + "'") == 1);

        Instant later = Instant.now().plusSeconds(31);
        sweeper.sweep(later).await().atMost(Duration.ofSeconds(5));

        var records = wire.hear(Topics.ORDER_EVENTS, order.toString(), 2);
        assertThat(records)
                .hasSize(2)
                .allSatisfy(record -> assertThat(Wire.header(record, "ce_id")).isEqualTo(order + ":placed"));
        assertThat(Wire.header(records.get(1), "ce_time"))
                .as("no younger")
                .isEqualTo(Wire.header(records.get(0), "ce_time"));
        assertThat(Json.read(records.get(1).value(), OrderPlaced.class))
                .isEqualTo(Json.read(records.get(0).value(), OrderPlaced.class));
        assertThat(wire.hear(Topics.ORDER_EVENTS, started.toString(), 1)).hasSize(1);
        assertThat(sweeper.sweep(later).await().atMost(Duration.ofSeconds(5))).isZero();
    }

    @Test
    void doesNotAnnounceAgainWhatIsOlderThanTheReplayWindow() {
        place();

        Instant later = Instant.now().plus(Duration.ofDays(7));

        assertThat(sweeper.sweep(later).await().atMost(Duration.ofSeconds(5))).isZero();
    }

    private UUID place() {
        return UUID.fromString(post(key(), body("TEA", 1)).path("id"));
    }

    private static Response post(String key, String body) {
        return given().header("Idempotency-Key", key)
                .contentType("application/json")
                .body(body)
                .post("/api/v1/orders");
    }

    private static HttpResponse<String> postInChunks(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + RestAssured.port + "/api/v1/orders"))
                .header("Authorization", Customer.ADA.bearer())
                .header("Idempotency-Key", key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static ValidatableResponse problem(Response response, int status, String code) {
        return response.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", org.hamcrest.Matchers.is(code));
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(calls)) {
                results.add(future.get());
            }
            return results;
        }
    }

    private void announce(String sku, long price, long version) {
        ProductChanged product = new ProductChanged(sku, sku + " name", "", eur(price), List.of(), version);
        wire.send(Topics.PRODUCT_EVENTS, sku, sku + ":" + version, "product-changed", Json.bytes(product));
    }

    private void saga(
            UUID order,
            int sequence,
            String step,
            What what,
            Phase phase,
            @org.jspecify.annotations.Nullable Reply reply) {
        SagaAdvanced event =
                new SagaAdvanced(order, "place-order", order, sequence, Instant.now(), step, what, phase, null, reply);
        wire.send(Topics.SAGA_EVENTS, order.toString(), order + ":" + sequence, "saga-advanced", Json.bytes(event));
    }

    private static Money eur(long minor) {
        return new Money(minor, "EUR");
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }

    private static String body(String sku, int quantity) {
        return Json.text(Map.of(
                "items", List.of(Map.of("sku", sku, "quantity", quantity)),
                "shippingAddress",
                        Map.of(
                                "name", "Ada Lovelace",
                                "line1", "12 St James's Square",
                                "city", "London",
                                "postalCode", "SW1Y 4JH",
                                "country", "DE"),
                "paymentMethod", Map.of("cardToken", "tok_ok")));
    }

    private long everything() {
        return count("""
                select (select count(*) from idempotency_keys) + (select count(*) from orders)
                  + (select count(*) from order_lines) + (select count(*) from order_views) as n""");
    }

    private String statusOf(UUID order) {
        return pool.preparedQuery("select status from orders where id = $1")
                .execute(Tuple.of(order))
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator()
                .next()
                .getString("status");
    }

    private void run(String sql) {
        pool.query(sql).execute().await().atMost(Duration.ofSeconds(5));
    }

    private long count(String sql) {
        return pool.query(sql)
                .execute()
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator()
                .next()
                .getLong("n");
    }
}
