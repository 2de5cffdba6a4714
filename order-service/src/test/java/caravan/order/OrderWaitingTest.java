package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code Prefer: wait} and the stream of an order's events. */
@QuarkusTest
@WithTestResource(Backends.class)
class OrderWaitingTest {

    @Inject
    Pool pool;

    @Inject
    OrderWatch watch;

    @Inject
    OrderConfig config;

    @Inject
    MeterRegistry meters;

    private Shop shop;
    private UUID order;

    @BeforeEach
    void placeAnOrder() {
        Customer.ADA.asks();
        shop = new Shop(pool);
        order = shop.place();
    }

    @AfterEach
    void leaveNobodyWaiting() {
        Customer.nobodyAsks();
        shop.close();
        await().untilAsserted(() -> assertThat(watch.watchers()).isZero());
    }

    @Test
    void answersAsSoonAsTheOrderEnds() throws Exception {
        Response answer = whileWaiting(() -> get("wait=30", null), () -> shop.approve(order));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.<String>path("status")).isEqualTo("APPROVED");
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(answer.header("ETag")).isNotEqualTo("\"1\"");
        assertThat(answer.time()).isLessThan(30_000);
    }

    @Test
    void answersWithWhatThereIsWhenTheTimeIsOver() {
        shop.changeElsewhere(order, OrderStatus.STOCK_RESERVED);

        Response answer = get("wait=1", null);
        Response unchanged = get("wait=1", answer.header("ETag"));

        assertThat(answer.<String>path("status")).isEqualTo("STOCK_RESERVED");
        assertThat(answer.time()).isGreaterThanOrEqualTo(1000);
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(unchanged.time()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void waitsForMoreThanTheClientHas() throws Exception {
        shop.changeElsewhere(order, OrderStatus.NEEDS_ATTENTION);
        String known = get("wait=30", null).header("ETag");

        Response answer =
                whileWaiting(() -> get("wait=30", known), () -> shop.changeElsewhere(order, OrderStatus.REJECTED));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.<String>path("status")).isEqualTo("REJECTED");
    }

    @Test
    void doesNotTakeTheBeginningOfACancellationForTheEnd() {
        shop.changeElsewhere(order, OrderStatus.CANCELLING);

        Response answer = get("wait=1", null);

        assertThat(answer.<String>path("status")).isEqualTo("CANCELLING");
        assertThat(answer.time()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void noticesWhatAnotherReplicaDid() throws Exception {
        Response answer =
                whileWaiting(() -> get("wait=30", null), () -> shop.changeElsewhere(order, OrderStatus.CANCELLED));

        assertThat(answer.<String>path("status")).isEqualTo("CANCELLED");
        assertThat(answer.time()).isLessThan(30_000);
    }

    @Test
    void answersAtOnceWithoutAWishThatMakesSense() {
        assertThat(get("wait=soon, respond-async", null).header("Preference-Applied"))
                .isNull();
        shop.changeElsewhere(order, OrderStatus.APPROVED);
        assertThat(get("wait=3000", null).header("Preference-Applied")).isEqualTo("wait=30");
    }

    @Test
    void forgetsWhoeverStopsWaiting() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri(""))
                .header("Authorization", Customer.ADA.bearer())
                .header("Prefer", "wait=30")
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var _ = client.sendAsync(request, BodyHandlers.discarding());
            await().until(() -> watch.watchers() == 1);

            client.shutdownNow();
        }

        await().until(() -> watch.watchers() == 0);
    }

    @Test
    void refusesMoreThanItCanWatch() throws Exception {
        List<Cancellable> others = IntStream.range(0, config.watch().max())
                .mapToObj(
                        _ -> watch.admit(Uni.createFrom().nothing()).subscribe().with(_ -> {}))
                .toList();

        problem(get("wait=1", null), 503, "temporary-reduced-capacity");
        problem(given().accept("text/event-stream").get(uri("/events")), 503, "temporary-reduced-capacity");
        assertThat(get("wait=1", null).header("Retry-After")).isEqualTo("5");
        assertThat(given().get(uri("")).statusCode()).isEqualTo(200);

        others.forEach(Cancellable::cancel);
    }

    @Test
    void tellsEachChangeAndClosesAfterTheLast() throws Exception {
        double before = meters.counter("orders.events.sent").count();
        try (Listener listener = listen(null)) {
            await().until(() -> listener.ids().equals(List.of("1")));
            assertThat(meters.get("orders.watchers").gauge().value()).isEqualTo(1);

            shop.approve(order);
            await().until(listener::ended);

            assertThat(listener.status()).isEqualTo(200);
            assertThat(listener.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(listener.header("Cache-Control")).isEqualTo("no-store");
            assertThat(listener.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(listener.ids()).containsExactly("1", "2", "3", "4", "5");
            assertThat(listener.lines().subList(0, 4)).startsWith("retry: 2000", "", "event: order.status", "id: 1");
            assertThat(data(listener, 0)).startsWith("{\"sequence\":1,\"status\":\"PENDING\",\"at\":\"20");
            assertThat(data(listener, 4)).contains("\"status\":\"APPROVED\"").doesNotContain("failure");
            assertThat(listener.lines()).doesNotContain("cut");
        }
        assertThat(meters.counter("orders.events.sent").count() - before).isEqualTo(5);
        assertThat(given().get(uri("")).<List<Integer>>path("statusHistory.sequence"))
                .containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void goesOnWhereTheClientWasCut() throws Exception {
        try (Listener listener = listen(null)) {
            shop.reserve(order);
            await().until(() -> listener.ids().equals(List.of("1", "2")));
        }
        shop.approve(order);
        await().until(() -> given().get(uri("")).path("status").equals("APPROVED"));

        try (Listener again = listen("2")) {
            await().until(again::ended);

            assertThat(again.ids()).containsExactly("3", "4", "5");
        }
    }

    @Test
    void hasNothingMoreToSayAfterTheEnd() throws Exception {
        shop.reject(order);
        await().until(() -> given().get(uri("")).path("status").equals("REJECTED"));

        try (Listener first = listen(null);
                Listener seen = listen("2");
                Listener wrong = listen("77")) {
            await().until(() -> first.ended() && seen.ended() && wrong.ended());

            assertThat(first.ids()).containsExactly("2");
            assertThat(data(first, 0)).contains("\"failure\":{\"code\":\"stock-unavailable\",\"detail\":\"no tea\"}");
            assertThat(seen.status()).isEqualTo(204);
            assertThat(seen.lines()).isEmpty();
            assertThat(wrong.ids()).containsExactly("2");
        }
    }

    @Test
    void goesOnWhenAnApprovedOrderIsCancelled() throws Exception {
        shop.changeElsewhere(order, OrderStatus.APPROVED);
        shop.changeElsewhere(order, OrderStatus.CANCELLING);

        try (Listener listener = listen("1")) {
            await().until(() -> listener.ids().equals(List.of("2", "3")));
            shop.changeElsewhere(order, OrderStatus.CANCELLED);
            await().until(listener::ended);

            assertThat(listener.ids()).containsExactly("2", "3", "4");
            assertThat(data(listener, 2)).contains("\"status\":\"CANCELLED\"");
        }
    }

    @Test
    void showsThatItIsStillThere() throws Exception {
        try (Listener listener = listen("1")) {
            await().until(() -> listener.lines().stream().filter(":"::equals).count() >= 3);

            assertThat(listener.ids()).isEmpty();
            assertThat(listener.ended()).isFalse();
        }
    }

    @Test
    void forgetsAListenerThatGoesAway() throws Exception {
        try (Listener gone = listen(null);
                Listener stays = listen(null)) {
            await().until(() -> watch.watchers() == 2);

            gone.goAway();
            await().until(() -> watch.watchers() == 1);

            shop.reject(order);
            await().until(stays::ended);
            assertThat(stays.ids()).containsExactly("1", "2");
        }
    }

    @Test
    void tellsNothingOfSomebodyElsesOrder() {
        shop.giveAway(order);

        problem(given().accept("text/event-stream").get(uri("/events")), 404, "not-found");
        problem(get("wait=30", null), 404, "not-found");
        problem(given().get("/api/v1/orders/42/events"), 404, "not-found");
    }

    @Test
    void streamsNothingButEvents() {
        problem(given().accept("application/json").get(uri("/events")), 406, "not-acceptable");
        problem(given().post(uri("/events")), 405, "method-not-allowed");
        assertThat(given().head(uri("/events")).statusCode()).isEqualTo(200);
    }

    private Response get(String prefer, @Nullable String etag) {
        var request = given().header("Prefer", prefer);
        return (etag == null ? request : request.header("If-None-Match", etag)).get(uri(""));
    }

    private Response whileWaiting(Callable<Response> waiting, Runnable act) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> answer = threads.submit(waiting);
            await().pollInterval(Duration.ofMillis(10)).until(() -> watch.watchers() == 1);
            act.run();
            return answer.get(60, TimeUnit.SECONDS);
        }
    }

    private Listener listen(@Nullable String lastEventId) throws Exception {
        return Listener.to(uri("/events"), lastEventId);
    }

    private URI uri(String rest) {
        return URI.create("http://localhost:" + RestAssured.port + Order.path(order) + rest);
    }

    private static String data(Listener listener, int index) {
        return listener.lines().stream()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList()
                .get(index);
    }

    /** A busy machine takes its time. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(40));
    }

    private static void problem(Response response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.<String>path("code")).isEqualTo(code);
    }
}
