package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the real broker. */
class LagMetricsTest {

    private final String topic = "lag-" + UUID.randomUUID();
    private final String group = "group-" + UUID.randomUUID();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MessagingConfig config = Configs.with(Map.of(
            "caravan.messaging.bootstrap-servers",
            Backends.addresses().kafka(),
            "caravan.messaging.lag-poll-every",
            "200ms"));
    private final LagMetrics metrics = new LagMetrics(config, BrokerLogin.NONE, group, Set.of(topic));

    @AfterEach
    void stop() {
        metrics.stop(new ShutdownEvent());
    }

    @Test
    void saysWhatTheGroupHasLeft() throws Exception {
        Servers.createTopic(topic, 2);
        send(0, 5);
        send(1, 2);

        metrics.start(new StartupEvent(), meters, Servers.VERTX.getDelegate());

        // Nothing is committed: all of it.
        await().atMost(Servers.BOUND).until(() -> lag() == 7);
        commit(0, 3);
        await().atMost(Servers.BOUND).until(() -> lag() == 4);
        commit(0, 5);
        commit(1, 2);
        await().atMost(Servers.BOUND).until(() -> lag() == 0);
    }

    @Test
    void saysNoNumberWhileTheBrokersDoNot() {
        metrics.start(new StartupEvent(), meters, Servers.VERTX.getDelegate());

        assertThat(lag()).isNaN();
    }

    private double lag() {
        return meters.get("kafka.consumer.lag").tag("topic", topic).gauge().value();
    }

    private void send(int partition, int records) {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(broker(), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, partition, "key", new byte[1]));
            }
        }
    }

    private void commit(int partition, long offset) {
        Map<String, Object> to = new HashMap<>(broker());
        to.put("group.id", group);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(to, new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition of = new TopicPartition(topic, partition);
            consumer.assign(Set.of(of));
            consumer.commitSync(Map.of(of, new OffsetAndMetadata(offset)));
        }
    }

    private static Map<String, Object> broker() {
        return Map.of("bootstrap.servers", Backends.addresses().kafka());
    }
}
