package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong gets its problem body, and nothing is stored. */
class BadInputScenarioIT {

    private final Shop shop = TheFleet.shop();

    static Stream<Arguments> badOrders() {
        String sku = TheFleet.shop().sku();
        return Stream.of(
                Arguments.of(
                        "unknown sku",
                        Shop.order("NO-SUCH-SKU", 1, "GB", "tok_ok").encode(),
                        422,
                        "unknown-sku"),
                Arguments.of("quantity 0", Shop.order(sku, 0, "GB", "tok_ok").encode(), 422, "invalid-request"),
                Arguments.of(
                        "quantity 10^9",
                        Shop.order(sku, 1_000_000_000, "GB", "tok_ok").encode(),
                        422,
                        "invalid-request"),
                Arguments.of("bad country", Shop.order(sku, 1, "XX", "tok_ok").encode(), 422, "invalid-request"),
                Arguments.of(
                        "unknown field",
                        Shop.order(sku, 1, "GB", "tok_ok").put("discount", 100).encode(),
                        422,
                        "invalid-request"),
                Arguments.of("no JSON", "this is no JSON", 400, "malformed-body"),
                Arguments.of("1 MB", "\"" + "x".repeat(1 << 20) + "\"", 413, "body-too-large"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badOrders")
    void answersABadOrderWithItsProblem(String what, String body, int status, String code) {
        long before = orders();

        HttpResponse<String> response = shop.post(UUID.randomUUID().toString(), body);

        assertProblem(response, status, code);
        assertThat(orders()).isEqualTo(before);
    }

    @Test
    void wantsAnIdempotencyKey() {
        HttpResponse<String> response = shop.send(shop.to("/api/v1/orders")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        Shop.order(shop.sku(), 1, "GB", "tok_ok").encode())));

        assertProblem(response, 400, "idempotency-key-missing");
    }

    @Test
    void replaysTheSameRequestAndRefusesAnotherUnderItsKey() {
        String key = UUID.randomUUID().toString();
        String body = Shop.order(shop.sku(), 1, "GB", "tok_ok").encode();
        HttpResponse<String> first = shop.post(key, body);

        HttpResponse<String> again = shop.post(key, body);
        HttpResponse<String> other =
                shop.post(key, Shop.order(shop.sku(), 2, "GB", "tok_ok").encode());

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(new JsonObject(again.body()).getString("id"))
                .isEqualTo(new JsonObject(first.body()).getString("id"));
        assertProblem(other, 422, "idempotency-key-reused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0198c0de-0000-7000-8000-000000000000", "no-uuid"})
    void knowsNoOrderOfAnUnknownId(String id) {
        assertProblem(shop.get("/api/v1/orders/" + id), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inventory.commands.v1",
                "payment.commands.v1",
                "shipment.commands.v1",
                "order.commands.v1",
                "notification.commands.v1"
            })
    void putsPoisonAsideAndThePartitionFlowsOn(String topic) {
        String key = UUID.randomUUID().toString();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", TheFleet.get().bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<String, byte[]> consumer = deadLetters(topic)) {
            var _ = producer.send(poison(topic, key, "reserve-stock", "no JSON"));
            var _ = producer.send(poison(topic, key, "no-such-type", "{}"));
            var _ = producer.send(poison(topic, null, "reserve-stock", "{}"));
            producer.flush();

            List<ConsumerRecord<String, byte[]>> dead = new java.util.ArrayList<>();
            await().atMost(20, SECONDS).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(dead::add);
                return dead.size() >= 3;
            });
            assertThat(dead)
                    .allSatisfy(record -> assertThat(record.headers().lastHeader("dead-cause"))
                            .isNotNull());
        }
        UUID order = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_ok"));
        assertThat(shop.awaitEnd(order).getString("status")).isEqualTo("APPROVED");
    }

    private static KafkaConsumer<String, byte[]> deadLetters(String topic) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        TheFleet.get().bootstrapServers(),
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic + ".dlq"));
        return consumer;
    }

    private static ProducerRecord<String, byte[]> poison(
            String topic, @org.jspecify.annotations.Nullable String key, String type, String body) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, body.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", key + ":reserve-stock:do",
                        "ce_type", type,
                        "ce_source", "test",
                        "ce_time", "2026-01-01T00:00:00Z")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.getString("code")).isEqualTo(code);
        assertThat(problem.getString("type")).isEqualTo("/problems/" + code);
        assertThat(problem.getInteger("status")).isEqualTo(status);
        // Also where nobody records it: what a customer reports can be looked for in the logs.
        assertThat(problem.getString("traceId")).matches("[0-9a-f]{32}");
    }

    private static long orders() {
        return TheFleet.audited(Duration.ofMinutes(1)).orders();
    }
}
