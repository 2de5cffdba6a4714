package caravan.order;

import caravan.common.contract.Topics;
import caravan.common.messaging.BrokerLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What the topics of orders and their sagas still hold, read from one place to another by a consumer that belongs to no group
 * and moves nobody's offsets. One thread.
 */
final class PastEvents implements AutoCloseable {

    /** Offsets of both topics: what is before them was read, or is to be read. */
    record Place(Map<TopicPartition, Long> orders, Map<TopicPartition, Long> sagas) {}

    private static final Duration POLL = Duration.ofMillis(200);

    /** A broker that is away comes back, or it is better said that it did not. */
    private static final int LONGEST_CALL_MS = 30_000;

    /** As many as the projection takes at once; with fetches of a megabyte all of it is a few. */
    private static final int BATCH = 500;

    private static final int FETCH_BYTES = 1 << 20;

    /** A record has the time of whoever sent it, an order that of order-service. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> orders;
    private final List<TopicPartition> sagas;

    PastEvents(String bootstrapServers, BrokerLogin login) {
        consumer = new KafkaConsumer<>(
                login.with(Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        BATCH,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCH_BYTES,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        LONGEST_CALL_MS)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        orders = partitions(Topics.ORDER_EVENTS);
        sagas = partitions(Topics.SAGA_EVENTS);
        consumer.assign(Stream.concat(orders.stream(), sagas.stream()).toList());
        consumer.pause(consumer.assignment());
    }

    Place beginning() {
        return new Place(consumer.beginningOffsets(orders), consumer.beginningOffsets(sagas));
    }

    /** The sagas' end is looked up first: every order that is before it there is before the other's end here. */
    Place end() {
        Map<TopicPartition, Long> sagasEnd = consumer.endOffsets(sagas);
        return new Place(consumer.endOffsets(orders), sagasEnd);
    }

    /**
     * Whatever was placed since then is here with all of its events. Topics lose their oldest records first: where some are
     * gone, what is left tells since when.
     */
    Instant allSince(Place beginning, Instant now) {
        Map<TopicPartition, Long> cut = new HashMap<>();
        Stream.of(beginning.orders(), beginning.sagas())
                .flatMap(offsets -> offsets.entrySet().stream())
                .filter(offset -> offset.getValue() > 0)
                .forEach(offset -> cut.put(offset.getKey(), 0L));
        return consumer.offsetsForTimes(cut).values().stream()
                .map(oldest -> oldest == null ? now : Instant.ofEpochMilli(oldest.timestamp()))
                .map(oldest -> oldest.plus(CLOCKS_DIFFER))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** @param batches gets them in order, and an empty one now and then while the broker has nothing to give */
    void readOrders(Place from, Place to, Consumer<List<ConsumerRecord<String, byte[]>>> batches) {
        read(from.orders(), to.orders(), batches);
    }

    void readSagas(Place from, Place to, Consumer<List<ConsumerRecord<String, byte[]>>> batches) {
        read(from.sagas(), to.sagas(), batches);
    }

    private void read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> to,
            Consumer<List<ConsumerRecord<String, byte[]>>> batches) {
        List<TopicPartition> open = new ArrayList<>(to.keySet());
        open.removeIf(partition -> offset(from, partition) >= offset(to, partition));
        open.forEach(partition -> consumer.seek(partition, offset(from, partition)));
        consumer.resume(open);
        while (!open.isEmpty()) {
            List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < offset(to, new TopicPartition(record.topic(), record.partition()))) {
                    batch.add(record);
                }
            }
            batches.accept(batch);
            List<TopicPartition> done = open.stream()
                    .filter(partition -> consumer.position(partition) >= offset(to, partition))
                    .toList();
            consumer.pause(done);
            open.removeAll(done);
        }
    }

    private static long offset(Map<TopicPartition, Long> place, TopicPartition partition) {
        return Objects.requireNonNull(place.get(partition));
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
