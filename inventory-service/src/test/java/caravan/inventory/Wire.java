package caravan.inventory;

import static org.awaitility.Awaitility.await;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import caravan.common.contract.Topics;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The orchestrator's end of the wire: raw records out, raw records in. One thread. */
final class Wire implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> heard = new ArrayList<>();

    Wire(String... topics) {
        Map<String, Object> broker =
                Map.of("bootstrap.servers", Backends.addresses().kafka());
        producer = new KafkaProducer<>(broker, new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(broker, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(topics).stream()
                .map(consumer::partitionsFor)
                .flatMap(Collection::stream)
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Hears nothing of what was said before: that may be a hundred thousand answers to another test. */
    Wire fromNow() {
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
        return this;
    }

    void send(String topic, MessageId id, Message message) {
        send(topic, id.sagaId().toString(), id.toString(), MessageTypes.nameOf(message), Json.bytes(message));
    }

    void send(String topic, @Nullable String key, String id, String type, byte[] body) {
        var _ = producer.send(record(topic, key, id, type, body));
        producer.flush();
    }

    /** As fast as the broker takes them. */
    void sendAll(String topic, Map<MessageId, ? extends Message> messages) {
        messages.forEach((id, message) -> {
            var _ = producer.send(record(
                    topic, id.sagaId().toString(), id.toString(), MessageTypes.nameOf(message), Json.bytes(message)));
        });
        producer.flush();
    }

    private static ProducerRecord<String, byte[]> record(
            String topic, @Nullable String key, String id, String type, byte[] body) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, body);
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_type",
                        type,
                        "ce_source",
                        "test",
                        "ce_time",
                        Instant.now().toString())
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** Waits for so many replies to a saga, and gives all there are. */
    List<Reply> replies(UUID saga, int atLeast) {
        return hear(Topics.SAGA_REPLIES, saga.toString(), atLeast).stream()
                .map(record -> (Reply) Json.read(
                        record.value(),
                        MessageTypes.REPLIES.classOf(header(record, "ce_type")).orElseThrow()))
                .toList();
    }

    List<ConsumerRecord<String, byte[]>> hear(String topic, @Nullable String key, int atLeast) {
        Predicate<ConsumerRecord<String, byte[]>> wanted =
                r -> r.topic().equals(topic) && java.util.Objects.equals(r.key(), key);
        return await().atMost(BOUND)
                .pollDelay(Duration.ZERO)
                .until(
                        () -> {
                            if (heard.stream().filter(wanted).count() < atLeast) {
                                consumer.poll(Duration.ofMillis(100)).forEach(heard::add);
                            }
                            return heard.stream().filter(wanted).toList();
                        },
                        found -> found.size() >= atLeast);
    }

    static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
