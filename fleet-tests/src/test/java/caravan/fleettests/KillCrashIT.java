package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.audit.Report;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills one part while 200 orders are under way: every order ends, and every invariant holds. */
class KillCrashIT {

    private static final int ORDERS = 200;
    private static final int CUSTOMERS = 16;

    /** Each with an account of their own: one alone would be told to slow down. */
    private static final List<Shop> SHOPS = IntStream.range(0, CUSTOMERS)
            .mapToObj(_ -> Shop.register(TheFleet.gateway()))
            .toList();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order-service",
                "saga-orchestrator",
                "inventory-service",
                "payment-service",
                "shipment-service",
                "notification-service",
                "gateway",
                "kafka"
            })
    void endsEveryOrderWhenItIsKilled(String part) {
        int restarts = TheFleet.get().restarts(part);
        List<UUID> orders = placeWhileKilling(part);

        TheFleet.get().awaitReady(part, Duration.ofMinutes(1));
        Report report = TheFleet.audited(Duration.ofMinutes(3));

        assertThat(TheFleet.get().restarts(part)).isGreaterThan(restarts);
        assertThat(report.examples()).isEmpty();
        assertThat(report.open()).isZero();
        assertThat(orders).hasSize(ORDERS).doesNotHaveDuplicates();
        for (int i = 0; i < ORDERS; i++) {
            assertThat(shop(i).view(orders.get(i)).getString("status")).isIn("APPROVED", "REJECTED");
        }
    }

    private List<UUID> placeWhileKilling(String part) {
        JsonArray products = shop(0).products();
        try (ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS)) {
            List<CompletableFuture<UUID>> placed = IntStream.range(0, ORDERS)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> shop(i).place(order(products, i)), customers))
                    .toList();
            // A third of the orders is in, the rest is on its way: sagas are at every step.
            CompletableFuture.allOf(placed.subList(0, ORDERS / 3).toArray(CompletableFuture<?>[]::new))
                    .join();
            TheFleet.get().kill(part);
            return placed.stream().map(CompletableFuture::join).toList();
        }
    }

    private static Shop shop(int order) {
        return SHOPS.get(order % CUSTOMERS);
    }

    /** Of fifty orders two are declined and one is undeliverable. */
    private static JsonObject order(JsonArray products, int i) {
        String sku = products.getJsonObject(i % products.size()).getString("sku");
        String card = i % 25 == 7 ? "tok_declined" : "tok_ok";
        String country = i % 50 == 11 ? "AQ" : "GB";
        return Shop.order(sku, 1, country, card);
    }
}
