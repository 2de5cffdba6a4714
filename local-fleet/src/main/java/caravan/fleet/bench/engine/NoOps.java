package caravan.fleet.bench.engine;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All participants in one thread: they do nothing and say at once that it is done, or why not. */
final class NoOps implements AutoCloseable {

    private static final List<String> TOPICS = List.of(
            "order.commands.v1",
            "inventory.commands.v1",
            "payment.commands.v1",
            "shipment.commands.v1",
            "notification.commands.v1");

    private static final String REPLIES = "saga.replies.v1";
    private static final Duration POLL = Duration.ofMillis(100);

    record Reply(String type, JsonObject body) {

        private static Reply of(String type) {
            return new Reply(type, new JsonObject());
        }
    }

    private final KafkaConsumer<String, byte[]> consumer;
    private final Producer<String, byte[]> producer;
    private final Thread thread = Thread.ofPlatform().name("participants").unstarted(this::work);

    NoOps(String bootstrapServers, Producer<String, byte[]> producer) {
        this.producer = producer;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG, "bench",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        thread.start();
    }

    private void work() {
        try (consumer) {
            consumer.subscribe(TOPICS);
            while (true) {
                for (ConsumerRecord<String, byte[]> command : consumer.poll(POLL)) {
                    Reply reply = reply(
                            Wire.text(command.headers(), Wire.TYPE), new JsonObject(Buffer.buffer(command.value())));
                    var _ = producer.send(Wire.record(
                            REPLIES,
                            command.key(),
                            Wire.text(command.headers(), Wire.ID) + ":reply",
                            reply.type(),
                            Wire.text(command.headers(), Wire.TRACE),
                            reply.body()));
                }
            }
        } catch (WakeupException _) {
            // Closing.
        }
    }

    static Reply reply(String command, JsonObject body) {
        return switch (command) {
            case "reserve-stock" -> Reply.of("stock-reserved");
            case "release-stock" -> Reply.of("stock-released");
            case "charge-payment" -> charge(body);
            case "refund-payment" -> Reply.of("payment-refunded");
            case "arrange-shipment" -> arrange(body);
            case "cancel-shipment" -> Reply.of("shipment-cancelled");
            case "approve-order" -> Reply.of("order-approved");
            case "reject-order" -> Reply.of("order-rejected");
            case "send-confirmation" -> Reply.of("confirmation-sent");
            default -> throw new IllegalStateException("no participant knows " + command);
        };
    }

    private static Reply charge(JsonObject body) {
        return body.getString("cardToken").equals("tok_declined")
                ? new Reply("card-declined", new JsonObject().put("reason", "insufficient-funds"))
                : new Reply(
                        "payment-charged",
                        new JsonObject().put("chargeId", "ch_00000001").put("amount", body.getJsonObject("amount")));
    }

    private static Reply arrange(JsonObject body) {
        String country = body.getJsonObject("address").getString("country");
        return country.equals("AQ")
                ? new Reply("address-undeliverable", new JsonObject().put("country", country))
                : new Reply(
                        "shipment-arranged",
                        new JsonObject()
                                .put("shipmentId", UUID.randomUUID().toString())
                                .put("carrier", "Caravan Express")
                                .put(
                                        "trackingNumber",
                                        "CX" + body.getString("orderId").replace("-", "")));
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
