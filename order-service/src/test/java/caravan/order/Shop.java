package caravan.order;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.contract.Topics;
import caravan.common.messaging.Json;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Orders, and what becomes of them: told by their sagas, or done by another replica. */
final class Shop implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Pool pool;
    private final Wire wire = new Wire(Topics.ORDER_EVENTS);

    Shop(Pool pool) {
        this.pool = pool;
        if (products() == 0) {
            announce("TEA", 250, 2);
            announce("CUP", 999, 1);
        }
        await().until(() -> products() >= 2);
    }

    UUID place() {
        return UUID.fromString(given().header("Idempotency-Key", UUID.randomUUID())
                .contentType("application/json")
                .body(order())
                .post("/api/v1/orders")
                .path("id"));
    }

    /** The body of a request for one. */
    static String order() {
        return Json.text(Map.of(
                "items", List.of(Map.of("sku", "TEA", "quantity", 1)),
                "shippingAddress",
                        Map.of(
                                "name", "Ada Lovelace",
                                "line1", "12 St James's Square",
                                "city", "London",
                                "postalCode", "SW1Y 4JH",
                                "country", "GB"),
                "paymentMethod", Map.of("cardToken", "tok_ok")));
    }

    /** The saga reserves, charges, ships and approves: five events to a client, the first of them PENDING. */
    void approve(UUID order) {
        List<String> steps = List.of("reserve-stock", "charge-payment", "arrange-shipment", "approve-order");
        for (String step : steps) {
            saga(order, steps.indexOf(step) + 1, step, What.DONE, Phase.RUNNING, null);
        }
    }

    void reserve(UUID order) {
        saga(order, 1, "reserve-stock", What.DONE, Phase.RUNNING, null);
    }

    void reject(UUID order) {
        Failure why = new Failure("stock-unavailable", "no tea");
        saga(order, 1, "order-placed", What.UNDONE, Phase.COMPENSATED, why);
    }

    private void saga(UUID order, int sequence, String step, What what, Phase phase, @Nullable Failure failure) {
        SagaAdvanced event = new SagaAdvanced(
                order, "place-order", order, sequence, Instant.now(), step, what, phase, failure, null);
        wire.send(Topics.SAGA_EVENTS, order.toString(), order + ":" + sequence, "saga-advanced", Json.bytes(event));
    }

    /** As another replica would leave the row. */
    void changeElsewhere(UUID order, OrderStatus status) {
        Row row = row("select document from order_views where order_id = $1", order);
        ObjectNode document = Json.read(row.getString("document"), ObjectNode.class);
        ArrayNode history = document.withArrayProperty("statusHistory");
        document.put("status", status.name());
        history.addObject()
                .put("sequence", history.size())
                .put("status", status.name())
                .put("at", Instant.now().toString());
        pool.preparedQuery(
                        "update order_views set status = $2, version = version + 1, document = $3 where order_id = $1")
                .execute(Tuple.of(order, status.name(), document.toString()))
                .await()
                .atMost(BOUND);
    }

    void giveAway(UUID order) {
        row("update order_views set customer_id = gen_random_uuid() where order_id = $1 returning order_id", order);
    }

    private Row row(String sql, UUID order) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(order))
                .await()
                .atMost(BOUND)
                .iterator()
                .next();
    }

    private long products() {
        return pool.query("select count(*) as n from prices where sku in ('TEA', 'CUP')")
                .execute()
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getLong("n");
    }

    private void announce(String sku, long price, long version) {
        ProductChanged product =
                new ProductChanged(sku, sku + " name", "", new Money(price, "EUR"), List.of(), version);
        wire.send(Topics.PRODUCT_EVENTS, sku, sku + ":" + version, "product-changed", Json.bytes(product));
    }

    @Override
    public void close() {
        wire.close();
    }
}
