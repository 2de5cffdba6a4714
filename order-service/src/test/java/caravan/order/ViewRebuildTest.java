package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.messaging.BrokerLogin;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessagingConfig;
import caravan.fleet.testing.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The read model damaged, and made anew from the topics. Every other test of this JVM has left its orders in both. */
@QuarkusTest
@WithTestResource(Backends.class)
class ViewRebuildTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Customer OPERATOR = new Customer(UUID.randomUUID(), "ops");

    private record View(UUID customer, String status, int sequence, int version, boolean started, String document) {}

    @Inject
    Pool pool;

    @Inject
    MessagingConfig messaging;

    @Inject
    BrokerLogin login;

    private Shop shop;

    @BeforeEach
    void open() {
        Customer.ADA.asks();
        shop = new Shop(pool);
    }

    @AfterEach
    void close() {
        Customer.nobodyAsks();
        shop.close();
    }

    @Test
    void mendsWhatIsMissingAndWhatIsWrongAndNothingElse() throws Exception {
        List<UUID> orders = someOrders();
        Map<UUID, View> before = views(orders);
        UUID untouched = orders.getFirst();
        damage("delete from order_views where order_id = any($1)", orders.subList(1, 4));
        damage("update order_views set status = 'REJECTED' where order_id = any($1)", orders.subList(4, 6));
        damage(
                "update order_views set document = replace(document, 'TEA', 'MUD') where order_id = any($1)",
                orders.subList(6, 8));
        damage("update order_views set document = 'damaged' where order_id = any($1)", orders.subList(8, 10));
        damage(
                "update order_views set customer_id = gen_random_uuid() where order_id = any($1)",
                orders.subList(10, 11));

        JsonNode end = rebuild();

        assertThat(end.path("state").asText()).isEqualTo("DONE");
        assertThat(end.at("/progress/mended").asInt()).isGreaterThanOrEqualTo(10);
        assertThat(end.at("/progress/orders").asInt()).isGreaterThanOrEqualTo(orders.size());
        Map<UUID, View> after = views(orders);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.get(untouched)).isEqualTo(before.get(untouched));
        for (UUID order : orders) {
            View was = Objects.requireNonNull(before.get(order));
            View is = Objects.requireNonNull(after.get(order));
            assertThat(is).usingRecursiveComparison().ignoringFields("version").isEqualTo(was);
            boolean damaged = orders.subList(1, 11).contains(order);
            assertThat(is.version() > was.version()).isEqualTo(damaged);
        }
        assertThat(count("select count(*) as n from rebuilt_views")).isZero();
    }

    @Test
    void findsNothingToDoTheSecondTime() throws Exception {
        List<UUID> orders = someOrders();
        rebuild();
        Map<UUID, View> before = views(orders);

        JsonNode again = rebuild();

        assertThat(views(orders)).isEqualTo(before);
        assertThat(again.at("/progress/mended").asInt()).isZero();
        assertThat(again.at("/progress/equal").asInt()).isGreaterThanOrEqualTo(orders.size());
    }

    @Test
    void leavesAViewThatIsAheadOfTheTopicsAndOneThatTheyDoNotHave() throws Exception {
        UUID ahead = shop.place();
        shop.approve(ahead);
        awaitSequence(ahead, 4);
        UUID unheard = new UUID(0, UUID.randomUUID().getLeastSignificantBits());
        damage("""
                update order_views set sequence = 5, document = replace(document, '"sequence":4,', '"sequence":5,')
                where order_id = any($1)""", List.of(ahead));
        damage("""
                insert into order_views (order_id, customer_id, status, sequence, version, created_at, started,
                  announced_at, document)
                select id, id, 'PAID', 3, 4, now(), true, now(), 'told by nobody' from unnest($1::uuid[]) as t (id)""", List.of(unheard));
        Map<UUID, View> before = views(List.of(ahead, unheard));

        JsonNode end = rebuild();

        assertThat(views(List.of(ahead, unheard))).isEqualTo(before);
        assertThat(end.at("/progress/left").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(end.at("/progress/notInTopics").asInt()).isGreaterThanOrEqualTo(1);
        damage("delete from order_views where order_id = any($1)", List.of(ahead, unheard));
    }

    /** A view that is deleted while its saga goes on: what came meanwhile was folded by nobody. */
    @Test
    void harmsNoOrderThatIsUnderWay() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        List<UUID> orders = new ArrayList<>();
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(
                () -> {
                    try (Shop another = new Shop(pool)) {
                        while (!stop.get()) {
                            UUID order = another.place();
                            another.approve(order);
                            synchronized (orders) {
                                orders.add(order);
                            }
                        }
                    }
                },
                work -> Thread.ofPlatform().start(work));
        await().atMost(BOUND).until(() -> size(orders) > 5);
        List<UUID> some = first(orders, 3);
        damage("delete from order_views where order_id = any($1)", some);

        JsonNode end = rebuild();
        stop.set(true);
        traffic.get();

        assertThat(end.path("state").asText()).isEqualTo("DONE");
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(views(orders).values())
                        .hasSize(orders.size())
                        .allSatisfy(view -> assertThat(view)
                                .returns("APPROVED", View::status)
                                .returns(4, View::sequence)));
        assertThat(first(orders, 3)).containsExactlyElementsOf(some);
    }

    @Test
    void runsOneAtATimeAndTellsHowFarItIs() throws Exception {
        pool.preparedQuery("""
                        insert into view_rebuilds (run, state, started_at, seen_at, progress)
                        values (gen_random_uuid(), 'RUNNING', now(), now(), $1)
                        on conflict (id) do update set state = 'RUNNING', seen_at = now(), progress = $1""")
                .execute(Tuple.of(Json.text(RebuildProgress.NONE.read(3, 0))))
                .await()
                .atMost(BOUND);

        HttpResponse<String> refused = operator("POST");
        HttpResponse<String> running = operator("GET");

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("\"code\":\"conflict\"");
        assertThat(running.body()).contains("RUNNING", "\"records\":3");
        pool.query("update view_rebuilds set seen_at = now() - interval '31 seconds'")
                .execute()
                .await()
                .atMost(BOUND);
        assertThat(operator("GET").body()).contains("ABANDONED");
        assertThat(rebuild().path("state").asText()).isEqualTo("DONE");
    }

    @Test
    void asksForAnOperator() {
        CancelServiceTest.problem(given().post(RebuildResource.PATH), 403, "insufficient-scope");
        CancelServiceTest.problem(given().get(RebuildResource.PATH), 403, "insufficient-scope");
    }

    @Test
    void knowsSinceWhenTheTopicsHaveEverything() {
        shop.reserve(shop.place());
        Instant now = Instant.parse("2020-01-01T00:00:00Z");
        try (PastEvents past = new PastEvents(messaging.bootstrapServers(), login)) {
            PastEvents.Place beginning = past.beginning();
            assertThat(past.allSince(beginning, now)).isEqualTo(Instant.EPOCH);

            // As if the beginning of each partition was gone: of those that have something left, its time counts.
            Map<TopicPartition, Long> cut = new HashMap<>(beginning.sagas());
            cut.replaceAll((_, _) -> 1L);
            assertThat(past.allSince(new PastEvents.Place(beginning.orders(), cut), now))
                    .isAfter(Instant.now().minus(Duration.ofHours(1)));
        }
    }

    /** Three of every kind: placed, under way, approved, rejected, cancelled. */
    private List<UUID> someOrders() {
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            UUID order = shop.place();
            orders.add(order);
            switch (i % 5) {
                case 0 -> {}
                case 1 -> shop.reserve(order);
                case 2 -> shop.approve(order);
                case 3 -> shop.reject(order);
                default -> {
                    CancelServiceTest.cancel(order, UUID.randomUUID().toString(), "");
                    shop.reject(order);
                }
            }
        }
        for (int i = 0; i < 15; i++) {
            awaitSequence(orders.get(i), List.of(0, 1, 4, 1, 1).get(i % 5));
        }
        return orders;
    }

    private void awaitSequence(UUID order, int sequence) {
        await().atMost(BOUND)
                .until(() -> views(List.of(order)).values().stream().allMatch(view -> view.sequence() == sequence));
    }

    private JsonNode rebuild() throws Exception {
        assertThat(operator("POST").statusCode()).isEqualTo(202);
        return await().atMost(BOUND)
                .until(
                        () -> Json.read(operator("GET").body(), JsonNode.class),
                        answer -> !answer.path("state").asText().equals("RUNNING"));
    }

    /** Not by RestAssured, which has one customer at a time, and there is traffic. */
    private static HttpResponse<String> operator(String method) throws Exception {
        URI to = URI.create("http://localhost:" + RestAssured.port + RebuildResource.PATH);
        HttpRequest request = HttpRequest.newBuilder(to)
                .header("Authorization", OPERATOR.bearer())
                .method(method, BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private void damage(String sql, List<UUID> orders) {
        int damaged = pool.preparedQuery(sql)
                .execute(Tuple.of(orders.toArray(UUID[]::new)))
                .await()
                .atMost(BOUND)
                .rowCount();
        assertThat(damaged).isEqualTo(orders.size());
    }

    private Map<UUID, View> views(List<UUID> orders) {
        Map<UUID, View> views = new LinkedHashMap<>();
        UUID[] ids;
        synchronized (orders) {
            ids = orders.toArray(UUID[]::new);
        }
        for (Row row : pool.preparedQuery("select * from order_views where order_id = any($1) order by order_id")
                .execute(Tuple.of(ids))
                .await()
                .atMost(BOUND)) {
            views.put(
                    row.getUUID("order_id"),
                    new View(
                            row.getUUID("customer_id"),
                            row.getString("status"),
                            row.getInteger("sequence"),
                            row.getInteger("version"),
                            row.getBoolean("started"),
                            row.getString("document")));
        }
        return views;
    }

    private static int size(List<UUID> orders) {
        synchronized (orders) {
            return orders.size();
        }
    }

    private static List<UUID> first(List<UUID> orders, int n) {
        synchronized (orders) {
            return List.copyOf(orders.subList(0, n));
        }
    }

    private long count(String sql) {
        return CancelServiceTest.count(pool, sql);
    }
}
