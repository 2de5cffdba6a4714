package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import caravan.fleet.Fleet;
import caravan.fleet.PgBouncer;
import caravan.fleet.PostgresServer;
import caravan.fleet.audit.Report;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The services behind PgBouncer, and PgBouncer dying under them. CI has it; elsewhere this needs {@code apt-get install pgbouncer}. */
class PoolerScenarioIT {

    private static final int ORDERS = 300;
    private static final int PER_SECOND = 10;
    private static final int CUSTOMERS = 8;

    /** A young fleet is slow, and what is told apart here is one that is held up. */
    private static final int WARM_UP = 100;

    /** A try that was refused. */
    private record Refused(int status, String retryAfter) {}

    @BeforeAll
    static void isThere() {
        assumeTrue(PgBouncer.installed() || "true".equals(System.getenv("CI")), "apt-get install pgbouncer");
        TheFleet.get().awaitReady(PgBouncer.NAME, Duration.ofSeconds(10));
    }

    @Test
    void carriesTheTransactionsOfEveryService() {
        UUID order = TheFleet.shop().place(Shop.order(TheFleet.shop().sku(), 1, "GB", "tok_ok"));

        TheFleet.shop().awaitEnd(order);

        Map<String, Long> transactions = transactions();
        assertThat(PostgresServer.DATABASES)
                .allSatisfy(database -> assertThat(transactions.getOrDefault(database, 0L))
                        .as(database)
                        .isPositive());
    }

    @Test
    void losesNoOrderWhenItIsKilledTwiceUnderLoad() {
        Fleet fleet = TheFleet.get();
        List<Shop> shops = IntStream.range(0, CUSTOMERS)
                .mapToObj(_ -> Shop.register(TheFleet.gateway()))
                .toList();
        warmUp(shops);
        Report before = TheFleet.audited(Duration.ofMinutes(1));
        int restarts = fleet.restarts(PgBouncer.NAME);
        int databaseRestarts = fleet.restarts("postgresql");
        Queue<Refused> refused = new ConcurrentLinkedQueue<>();

        List<UUID> orders = placeWhileKilling(shops, refused);

        Report after = TheFleet.audited(Duration.ofMinutes(3));
        assertThat(after.examples()).isEmpty();
        assertThat(after.open()).isZero();
        assertThat(orders).hasSize(ORDERS).doesNotHaveDuplicates();
        assertThat(after.orders() - before.orders()).isEqualTo(ORDERS);
        // A request that was in the pooler when it died may take the gateway's patience; its own repetition may meet it
        // still running.
        assertThat(refused).allSatisfy(each -> {
            assertThat(each.status()).isIn(409, 503, 504);
            assertThat(each.retryAfter()).matches(each.status() == 504 ? "\\d*" : "\\d+");
        });
        assertThat(fleet.restarts(PgBouncer.NAME)).isEqualTo(restarts + 2);
        assertThat(fleet.restarts("postgresql")).isEqualTo(databaseRestarts);
        System.out.printf("pgbouncer killed twice under %d orders: %d tries refused%n", ORDERS, refused.size());
    }

    private static void warmUp(List<Shop> shops) {
        String sku = shops.getFirst().sku();
        for (int i = 0; i < WARM_UP; i++) {
            shops.get(i % CUSTOMERS).place(Shop.order(sku, 1, "GB", "tok_ok"));
        }
    }

    private static List<UUID> placeWhileKilling(List<Shop> shops, Queue<Refused> refused) {
        JsonArray products = shops.getFirst().products();
        long startNs = System.nanoTime();
        List<CompletableFuture<UUID>> placed = new ArrayList<>();
        try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ORDERS; i++) {
                LockSupport.parkNanos(startNs + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND - System.nanoTime());
                Shop shop = shops.get(i % CUSTOMERS);
                JsonObject order =
                        Shop.order(products.getJsonObject(i % products.size()).getString("sku"), 1, "GB", "tok_ok");
                placed.add(CompletableFuture.supplyAsync(() -> place(shop, order, refused), customers));
                if (i == ORDERS / 3 || i == 2 * ORDERS / 3) {
                    TheFleet.get().kill(PgBouncer.NAME);
                }
            }
            return placed.stream().map(CompletableFuture::join).toList();
        }
    }

    /** With one key, and again when it is told to, for a minute at most. */
    private static UUID place(Shop shop, JsonObject order, Queue<Refused> refused) {
        String key = UUID.randomUUID().toString();
        long endNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < endNs) {
            HttpResponse<String> answer = shop.post(key, order.encode());
            if (answer.statusCode() == 202) {
                return UUID.fromString(new JsonObject(answer.body()).getString("id"));
            }
            refused.add(new Refused(
                    answer.statusCode(),
                    answer.headers().firstValue("Retry-After").orElse("")));
            Shop.patience(Duration.ofSeconds(
                    answer.headers().firstValueAsLong("Retry-After").orElse(1)));
        }
        throw new AssertionError("not accepted within a minute");
    }

    /** Of each database, as the pooler counts them; its console understands no JDBC driver. */
    private static Map<String, Long> transactions() {
        Vertx vertx = Vertx.vertx();
        try {
            PgConnectOptions console = PgConnectOptions.fromUri(TheFleet.get().poolerUrl("pgbouncer"))
                    .setUser(PostgresServer.USER)
                    .setPassword(PostgresServer.PASSWORD);
            Map<String, Long> transactions = new HashMap<>();
            PgConnection.connect(vertx, console)
                    .compose(connection -> connection.query("show stats").execute())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join()
                    .forEach(row -> transactions.put(
                            row.getString("database"),
                            Long.valueOf(row.getValue("total_xact_count").toString())));
            return transactions;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
