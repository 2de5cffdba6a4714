package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The replica stands still, and then dies, while customers look at their orders: none of them notices. */
class ReplicaScenarioIT {

    private static final String REPLICA = "postgresql-replica";
    private static final String CONFLICT = "40001";
    private static final Duration BETWEEN = Duration.ofMillis(150);

    private final List<Shop> customers = IntStream.range(0, 6)
            .mapToObj(_ -> Shop.register(TheFleet.gateway()))
            .toList();
    private final Queue<String> trouble = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    @BeforeEach
    void inRotation() {
        TheFleet.get().awaitReady(REPLICA, Duration.ofMinutes(2));
        awaitRotation(1);
    }

    @AfterEach
    void goOn() throws SQLException {
        onReplica("select pg_wal_replay_resume()");
    }

    @Test
    void isMissedByNobodyWhenItStandsStillAndWhenItDies() throws SQLException {
        String sku = customers.getFirst().sku();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            customers.forEach(customer -> threads.execute(() -> shopAndLook(customer, sku)));
            try {
                standsStill();
                dies();
            } finally {
                // Or closing the threads would wait for ever, and hide what went wrong.
                over = true;
            }
        }
        assertThat(trouble).isEmpty();
        assertThat(TheFleet.audited(Duration.ofMinutes(2)).examples()).isEmpty();
    }

    private static void standsStill() throws SQLException {
        onReplica("select pg_wal_replay_pause()");
        awaitRotation(0);
        await().atMost(20, SECONDS).until(() -> metric("replica_lag_seconds") > 3);
        onReplica("select pg_wal_replay_resume()");
        awaitRotation(1);
    }

    private static void dies() {
        int restarts = TheFleet.get().restarts(REPLICA);
        TheFleet.get().kill(REPLICA);
        await().atMost(60, SECONDS).until(() -> TheFleet.get().restarts(REPLICA) > restarts);
        awaitRotation(1);
        double before = readsOfTheReplica();
        double failed = failedReads();
        await().atMost(20, SECONDS).until(() -> readsOfTheReplica() > before + 20);
        assertThat(failedReads()).isEqualTo(failed);
    }

    /** Places an order now and then and looks for it at once, with the token that its answer carried and without one. */
    private void shopAndLook(Shop customer, String sku) {
        while (!over) {
            try {
                UUID order = customer.place(Shop.order(sku, 1, "GB", "tok_ok"));
                for (int look = 0; look < 4 && !over; look++) {
                    look(customer, order);
                    Shop.patience(BETWEEN);
                }
            } catch (RuntimeException | AssertionError e) {
                trouble.add(e.toString());
            }
        }
    }

    private void look(Shop customer, UUID order) {
        expect(customer.get("/api/v1/orders/" + order), order);
        expect(customer.get("/api/v1/orders?limit=5"), order);
        HttpRequest careless = HttpRequest.newBuilder(TheFleet.gateway().resolve("/api/v1/orders/" + order))
                .header("Authorization", authorization(customer))
                .timeout(Duration.ofSeconds(15))
                .build();
        HttpResponse<String> answer = Shop.sendOnce(careless);
        if (answer.statusCode() != 429) {
            expect(answer, order);
        }
    }

    private void expect(HttpResponse<String> answer, UUID order) {
        if (answer.statusCode() != 200 || !answer.body().contains(order.toString())) {
            trouble.add(answer.uri() + " " + answer.statusCode() + " " + answer.body());
        }
    }

    private static String authorization(Shop customer) {
        return customer.to("/").build().headers().firstValue("Authorization").orElseThrow();
    }

    private static void awaitRotation(int in) {
        await().atMost(90, SECONDS).until(() -> metric("replica_in_rotation") == in);
    }

    private static double readsOfTheReplica() {
        return metrics("reads_total{node=\"replica\"").sum();
    }

    private static double failedReads() {
        return metrics("reads_total{node=\"primary\",reason=\"failed\"").sum();
    }

    private static double metric(String name) {
        return metrics(name + " ").findFirst().orElse(Double.NaN);
    }

    private static java.util.stream.DoubleStream metrics(String start) {
        try {
            return Shop.visitor(URI.create(TheFleet.get().managementAddress("order-service")))
                    .get("/q/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(ReplicaScenarioIT::value);
        } catch (UncheckedIOException _) {
            return java.util.stream.DoubleStream.empty();
        }
    }

    /** Replay that goes on may cancel the very statement that told it to. */
    private static void onReplica(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(TheFleet.get().replicaJdbcUrl("orders"), "caravan", "caravan");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            if (!CONFLICT.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    /** Behind the value there may be an exemplar. */
    private static double value(String line) {
        String behindName = line.substring(Math.max(line.indexOf("} ") + 1, line.indexOf(' ')))
                .strip();
        return Double.parseDouble(behindName.split(" ", 2)[0]);
    }
}
