package caravan.saga.runtime;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Topics;
import caravan.common.messaging.Decoding;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A test's own end of the wire: hears what the orchestrator says, and answers in the participants' place. */
final class Wire implements AutoCloseable {

    private static final List<MessageTypes<?>> FAMILIES = List.of(
            MessageTypes.ORDER_COMMANDS,
            MessageTypes.INVENTORY_COMMANDS,
            MessageTypes.PAYMENT_COMMANDS,
            MessageTypes.SHIPMENT_COMMANDS,
            MessageTypes.NOTIFICATION_COMMANDS,
            MessageTypes.SAGA_EVENTS,
            MessageTypes.SAGA_RETENTION);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread ear;
    private final Queue<ConsumerRecord<String, byte[]>> heard = new ConcurrentLinkedQueue<>();

    private volatile @Nullable Function<Received<? extends Message>, Outgoing> participants;

    Wire(String bootstrapServers, String... topics) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topics));
        ear = Thread.ofPlatform().start(this::listen);
    }

    private void listen() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    heard.add(record);
                    answer(record);
                }
            }
        } catch (WakeupException _) {
            // close() ends the loop this way.
        }
    }

    private void answer(ConsumerRecord<String, byte[]> record) {
        Function<Received<? extends Message>, Outgoing> answers = participants;
        if (answers != null
                && record.topic().contains(".commands.")
                && !record.topic().endsWith(".dlq")) {
            var _ = producer.send(answers.apply(decode(record)).record());
        }
    }

    void say(Outgoing... messages) {
        Stream.of(messages).map(Outgoing::record).forEach(this::say);
    }

    void say(ProducerRecord<String, byte[]> record) {
        var _ = producer.send(record);
        producer.flush();
    }

    /** What was said of one saga or order so far, commands and events, in the order it was heard. */
    List<Received<? extends Message>> heard(UUID key) {
        return heard.stream()
                .filter(record -> key.toString().equals(record.key()))
                .filter(record -> !record.topic().endsWith(".dlq"))
                .<Received<? extends Message>>map(Wire::decode)
                .toList();
    }

    /** Answers every command once, as soon as it is heard, until this is closed. */
    void answering(Function<Received<? extends Message>, Outgoing> participants) {
        this.participants = participants;
    }

    List<ConsumerRecord<String, byte[]>> deadLetters(String topic) {
        return heard.stream()
                .filter(record -> record.topic().equals(Topics.deadLetters(topic)))
                .toList();
    }

    private static Received<? extends Message> decode(ConsumerRecord<String, byte[]> record) {
        for (MessageTypes<?> family : FAMILIES) {
            try {
                return Decoding.decode(record, family);
            } catch (PoisonException _) {
                // Of another family.
            }
        }
        throw new IllegalStateException("nobody reads " + record);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            // It may be answering.
            ear.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
