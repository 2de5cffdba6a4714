package caravan.fleet.bench.engine;

import caravan.fleet.OrderId;
import caravan.fleet.bench.Load;
import caravan.fleet.bench.Mix;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.Producer;

/** What order-service says when it has accepted an order. Accepted here means that the broker has it. */
final class PlacedOrders implements Load.Sender {

    static final String TOPIC = "order.events.v1";

    private static final int ACCEPTED = 202;
    private static final long PRICE_MINOR = 1_999;

    private final Vertx vertx;
    private final Producer<String, byte[]> producer;
    private final Mix mix;
    private long sent;

    PlacedOrders(Vertx vertx, Producer<String, byte[]> producer, Mix mix) {
        this.vertx = vertx;
        this.producer = producer;
        this.mix = mix;
    }

    /** Between two runs, when all of them are answered. */
    long sent() {
        return sent;
    }

    @Override
    public Future<Load.Answer> send() {
        Instant now = Instant.now();
        UUID id = OrderId.at(
                ChronoUnit.MICROS.between(Instant.EPOCH, now),
                ThreadLocalRandom.current().nextLong());
        JsonObject order = placed(id, mix.next(), now);
        Promise<Load.Answer> acknowledged = Promise.promise();
        sent++;
        var _ = producer.send(
                Wire.record(TOPIC, id.toString(), id + ":placed", "order-placed", Wire.newTrace(), order),
                (_, trouble) -> vertx.runOnContext(_ -> {
                    if (trouble == null) {
                        acknowledged.complete(new Load.Answer(ACCEPTED, id));
                    } else {
                        acknowledged.fail(trouble);
                    }
                }));
        return acknowledged.future();
    }

    /** @param request the body of {@code POST /orders} */
    static JsonObject placed(UUID id, JsonObject request, Instant now) {
        JsonArray lines = new JsonArray();
        long total = 0;
        for (Object item : request.getJsonArray("items")) {
            JsonObject line = (JsonObject) item;
            total += PRICE_MINOR * line.getInteger("quantity");
            lines.add(new JsonObject()
                    .put("sku", line.getString("sku"))
                    .put("name", "A thing of the benchmark")
                    .put("quantity", line.getInteger("quantity"))
                    .put("unitPrice", money(PRICE_MINOR)));
        }
        return new JsonObject()
                .put("orderId", id.toString())
                .put(
                        "customer",
                        new JsonObject()
                                .put("id", UUID.randomUUID().toString())
                                .put("name", "Ada Lovelace")
                                .put("email", "bench-" + id + "@caravan.example"))
                .put("lines", lines)
                .put("total", money(total))
                .put("shippingAddress", request.getJsonObject("shippingAddress"))
                .put("cardToken", request.getJsonObject("paymentMethod").getString("cardToken"))
                .put("placedAt", now.toString());
    }

    private static JsonObject money(long minor) {
        return new JsonObject().put("amountMinor", minor).put("currency", "EUR");
    }
}
