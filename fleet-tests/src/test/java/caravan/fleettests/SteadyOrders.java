package caravan.fleettests;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A light load until it is closed: some orders a second, of which a few are declined, and the reads of customers who look at them. */
final class SteadyOrders implements AutoCloseable {

    private static final int PER_SECOND = 4;
    private static final int CUSTOMERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Shop> customers = IntStream.range(0, CUSTOMERS)
            .mapToObj(_ -> Shop.register(TheFleet.gateway()))
            .toList();
    private final JsonArray products = customers.getFirst().products();
    private final Beat beat;

    private SteadyOrders() {
        beat = Beat.start(PER_SECOND, PATIENCE, this::place);
    }

    static SteadyOrders start() {
        return new SteadyOrders();
    }

    private void place(int i) {
        Shop customer = customers.get(i % CUSTOMERS);
        String sku = products.getJsonObject(i % products.size()).getString("sku");
        JsonObject order = Shop.order(sku, 1, "GB", i % 20 == 7 ? "tok_declined" : "tok_ok");
        try {
            var answer = customer.post(UUID.randomUUID().toString(), order.encode());
            if (answer.statusCode() == 202) {
                customer.get("/api/v1/orders/" + new JsonObject(answer.body()).getString("id"));
            }
            customer.get("/api/v1/products/" + sku);
            customer.get("/api/v1/orders?limit=5");
        } catch (UncheckedIOException _) {
            // Counted by whoever looks on, or not under test.
        }
    }

    @Override
    public void close() {
        beat.close();
    }
}
