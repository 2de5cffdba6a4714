package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.contract.Topics;
import caravan.common.http.ConsistencyToken;
import caravan.common.messaging.Json;
import caravan.fleet.testing.Backends;
import caravan.order.History.Progress;
import caravan.order.History.Step;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand requests of many clients, with a replica that stands still now and then. Whoever sends its token never reads its
 * past. Whoever sends none does, or this test has shown nothing, but never further back than the limit.
 */
@QuarkusTest
@TestProfile(Replay.Profile.class)
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "replica", value = "true"))
class ReplicaHistoryTest {

    private static final int CLIENTS = 16;
    private static final int REQUESTS = 10_000 / CLIENTS;
    private static final Duration BOUND = Duration.ofSeconds(20);

    /** The limit of the profile and the interval between two looks; the rest is for two cores that are busy with all of this. */
    private static final Duration OLDEST = Duration.ofMillis(500 + 100 + 900);

    private static final List<String> STEPS =
            List.of("reserve-stock", "charge-payment", "arrange-shipment", "approve-order", "send-confirmation");

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private final long seed = Long.getLong("caravan.test.seed", System.nanoTime());
    private final History history = new History();
    private final Queue<UUID> placed = new ConcurrentLinkedQueue<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Shop shop;
    private volatile boolean over;

    @BeforeEach
    void open() {
        Customer.ADA.asks();
        shop = new Shop(pool);
    }

    @AfterEach
    void close() {
        Customer.nobodyAsks();
        shop.close();
        http.close();
    }

    @Test
    void neverShowsAClientItsPastThatSendsItsToken() throws Exception {
        System.out.println("seed " + seed + ": -Dcaravan.test.seed repeats it");
        await().atMost(BOUND)
                .until(() -> meters.get("replica.in.rotation").gauge().value() == 1);

        play();

        Set<Integer> careful =
                IntStream.range(0, CLIENTS).filter(Client::isCareful).boxed().collect(Collectors.toSet());
        Set<Integer> careless = IntStream.range(0, CLIENTS)
                .filter(i -> !Client.isCareful(i))
                .boxed()
                .collect(Collectors.toSet());
        System.out.println("reads: " + reads());
        System.out.printf(
                "%d steps, %d times a client without a token read its past%n",
                history.steps().size(), history.backwards(careless).size());
        assertThat(history.steps().stream().filter(step -> step.client() >= 0)).hasSize(REQUESTS * CLIENTS);
        assertThat(history.backwards(careful)).isEmpty();
        assertThat(history.olderThan(OLDEST)).isEmpty();
        // The same checker, and clients whose tokens nobody heeds, because they have none.
        assertThat(history.backwards(careless)).isNotEmpty();
        assertThat(reads()).containsKeys("any", "replayed", "behind", "lagging");
    }

    private void play() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Replay replay = new Replay()) {
            List<Future<?>> world = List.of(
                    threads.submit(() -> weather(replay)), threads.submit(this::sagas), threads.submit(this::observe));
            List<Callable<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Client(i));
            }
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
            over = true;
            for (Future<?> one : world) {
                one.get();
            }
        }
    }

    /** Stands still for up to two seconds, and goes on for up to two. */
    private Void weather(Replay replay) throws SQLException {
        Random random = new Random(seed);
        while (!over) {
            replay.pause();
            pass(random.nextInt(100, 2000));
            replay.resume();
            pass(random.nextInt(300, 2000));
        }
        return null;
    }

    /** Each order's next step now and then. */
    private Void sagas() {
        Random random = new Random(seed + 1);
        Map<UUID, Integer> underWay = new HashMap<>();
        try (Wire wire = new Wire()) {
            while (!over) {
                for (UUID order = placed.poll(); order != null; order = placed.poll()) {
                    underWay.put(order, 0);
                }
                for (UUID order : List.copyOf(underWay.keySet())) {
                    if (random.nextInt(4) == 0) {
                        int done = underWay.merge(order, 1, Integer::sum);
                        wire.sendSoon(
                                Topics.SAGA_EVENTS,
                                order.toString(),
                                order + ":" + done,
                                "saga-advanced",
                                event(order, done));
                        if (done == STEPS.size()) {
                            underWay.remove(order);
                        }
                    }
                }
                pass(100);
            }
        }
        return null;
    }

    private static byte[] event(UUID order, int sequence) {
        Phase phase = sequence == STEPS.size() ? Phase.COMPLETED : Phase.RUNNING;
        return Json.bytes(new SagaAdvanced(
                order,
                "place-order",
                order,
                sequence,
                Instant.now(),
                STEPS.get(sequence - 1),
                What.DONE,
                phase,
                null,
                null));
    }

    /** What the primary has: nobody may see less for long. */
    private Void observe() {
        String own = "select order_id, sequence from order_views where customer_id = any($1)";
        UUID[] customers =
                IntStream.range(0, CLIENTS).mapToObj(Client::customer).toArray(UUID[]::new);
        while (!over) {
            long startNs = System.nanoTime();
            Map<UUID, Progress> saw = new HashMap<>();
            for (Row row :
                    pool.preparedQuery(own).execute(Tuple.of(customers)).await().atMost(BOUND)) {
                saw.put(row.getUUID("order_id"), new Progress(row.getInteger("sequence"), false));
            }
            history.add(new Step(-1, startNs, System.nanoTime(), null, saw));
            pass(200);
        }
        return null;
    }

    private Map<String, Double> reads() {
        return meters.find("reads").counters().stream()
                .filter(counter -> counter.count() > 0)
                .collect(Collectors.toMap(
                        counter -> String.valueOf(counter.getId().getTag("reason")), Counter::count));
    }

    private static void pass(long ms) {
        LockSupport.parkNanos(ms * 1_000_000);
    }

    /** One after the other, without a pause. */
    private final class Client implements Callable<Void> {

        private static final long CUSTOMERS = 0x0001_7000_8000_0000L;
        private static final long RUN = System.nanoTime();

        private final int number;
        private final Random random;
        private final String bearer;
        private final List<UUID> orders = new ArrayList<>();
        private String token = "";

        Client(int number) {
            this.number = number;
            this.random = new Random(seed + 100 + number);
            this.bearer = new Customer(customer(number), "orders:read orders:write").bearer();
        }

        static UUID customer(int number) {
            return new UUID(RUN, CUSTOMERS + number);
        }

        static boolean isCareful(int number) {
            return number % 2 == 0;
        }

        @Override
        public Void call() throws Exception {
            for (int i = 0; i < REQUESTS; i++) {
                int dice = random.nextInt(100);
                if (orders.isEmpty() || (dice < 12 && orders.size() < 90)) {
                    place();
                } else if (dice < 16) {
                    cancel(any());
                } else if (dice < 70) {
                    show(any());
                } else {
                    list();
                }
            }
            return null;
        }

        /** Most of the time the newest: that is where a past can be. */
        private UUID any() {
            return random.nextInt(3) > 0 ? orders.getLast() : orders.get(random.nextInt(orders.size()));
        }

        private void place() throws Exception {
            long startNs = System.nanoTime();
            HttpResponse<String> answer = send(request("")
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Shop.order())));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            UUID order = UUID.fromString(
                    Json.read(answer.body(), JsonNode.class).path("id").asText());
            orders.add(order);
            placed.add(order);
            history.add(Step.write(number, startNs, System.nanoTime(), order, Progress.PLACED));
        }

        private void cancel(UUID order) throws Exception {
            long startNs = System.nanoTime();
            HttpResponse<String> answer = send(request("/" + order + "/cancel")
                    .header("Idempotency-Key", UUID.randomUUID().toString())
                    .POST(BodyPublishers.noBody()));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            history.add(Step.write(number, startNs, System.nanoTime(), order, new Progress(0, true)));
        }

        private void show(UUID order) throws Exception {
            long startNs = System.nanoTime();
            HttpResponse<String> answer = send(request("/" + order).GET());
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 404);
            Map<UUID, Progress> saw = answer.statusCode() == 404
                    ? Map.of()
                    : Map.of(order, Progress.of(Json.read(answer.body(), OrderView.class)));
            history.add(new Step(number, startNs, System.nanoTime(), Set.of(order), saw));
        }

        private void list() throws Exception {
            long startNs = System.nanoTime();
            HttpResponse<String> answer = send(request("?limit=100").GET());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Map<UUID, Progress> saw = new HashMap<>();
            for (JsonNode item : Json.read(answer.body(), JsonNode.class).path("items")) {
                OrderView view = Json.MAPPER.convertValue(item, OrderView.class);
                saw.put(view.id(), Progress.of(view));
            }
            history.add(new Step(number, startNs, System.nanoTime(), new LinkedHashSet<>(orders), saw));
        }

        private HttpRequest.Builder request(String path) {
            URI to = URI.create("http://localhost:" + RestAssured.port + "/api/v1/orders" + path);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(to).timeout(BOUND).header("Authorization", bearer);
            return token.isEmpty() ? request : request.header(ConsistencyToken.HEADER, token);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (isCareful(number)) {
                token = answer.headers().firstValue(ConsistencyToken.HEADER).orElse(token);
            }
            return answer;
        }
    }
}
