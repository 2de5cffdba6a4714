package caravan.saga.simulation;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Topics;
import caravan.common.messaging.Decoding;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;

/** The broker: records by topic and partition, keyed as they are; what is there stays there, in its order. */
final class Log {

    static final int PARTITIONS = 2;

    private static final Map<String, MessageTypes<?>> TYPES = Map.of(
            Topics.ORDER_COMMANDS, MessageTypes.ORDER_COMMANDS,
            Topics.INVENTORY_COMMANDS, MessageTypes.INVENTORY_COMMANDS,
            Topics.PAYMENT_COMMANDS, MessageTypes.PAYMENT_COMMANDS,
            Topics.SHIPMENT_COMMANDS, MessageTypes.SHIPMENT_COMMANDS,
            Topics.NOTIFICATION_COMMANDS, MessageTypes.NOTIFICATION_COMMANDS,
            Topics.SAGA_REPLIES, MessageTypes.REPLIES,
            Topics.SAGA_EVENTS, MessageTypes.SAGA_EVENTS,
            Topics.ORDER_EVENTS, MessageTypes.ORDER_EVENTS);

    private final World world;
    private final Plan plan;
    private final Audit audit;
    private final Map<String, List<List<Received<?>>>> topics = new HashMap<>();
    private final Map<String, Group> readers = new HashMap<>();
    private final List<Received<?>> deadLetters = new ArrayList<>();
    private final List<Received<?>> everything = new ArrayList<>();
    private int records;

    Log(World world, Plan plan, Audit audit) {
        this.world = world;
        this.plan = plan;
        this.audit = audit;
        TYPES.keySet().forEach(topic -> topics.put(topic, List.of(new ArrayList<>(), new ArrayList<>())));
    }

    void readBy(Group group, String topic) {
        readers.put(topic, group);
    }

    void append(List<Outgoing> batch) {
        batch.forEach(this::append);
    }

    private void append(Outgoing outgoing) {
        Received<?> received = decode(outgoing.record(), Objects.requireNonNull(TYPES.get(outgoing.topic())));
        audit.sent(received);
        if (outgoing.topic().equals(Topics.SAGA_EVENTS)) {
            append(received);
            return;
        }
        everything.add(received);
        int nth = ++records;
        if (plan.loses(nth)) {
            lose(received);
            return;
        }
        append(received);
        Long again = plan.repeats(nth);
        if (again != null) {
            world.tell("%s will come again", received.envelope().id());
            world.in(again, () -> repeat(received));
        }
    }

    private void repeat(Received<?> received) {
        world.count("records that came twice");
        world.tell("%s comes again", received.envelope().id());
        append(received);
    }

    private void lose(Received<?> received) {
        world.count("records that the broker lost");
        world.wounded(commandOf(received), Scenarios.CALM_FROM_MS);
        world.tell("the broker loses %s", received.envelope().id());
    }

    /** The id of the command that this is, or answers; of anything else its own. */
    static String commandOf(Received<?> received) {
        String id = received.envelope().id();
        return MessageId.answeredBy(id).map(MessageId::toString).orElse(id);
    }

    /** As it is: a replay is the same message again. */
    void append(Received<?> received) {
        String topic = received.record().topic();
        int partition = partitionOf(received.record().key());
        records(topic, partition).add(received);
        Group group = readers.get(topic);
        if (group != null) {
            group.wake(topic, partition, received.envelope().id());
        }
    }

    static int partitionOf(String key) {
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }

    List<Received<?>> read(String topic, int partition, int from, int most) {
        List<Received<?>> all = records(topic, partition);
        return all.subList(from, Math.min(all.size(), from + most));
    }

    private List<Received<?>> records(String topic, int partition) {
        return Objects.requireNonNull(topics.get(topic)).get(partition);
    }

    void bury(Received<?> received, RuntimeException why) {
        audit.buried(received, why);
        deadLetters.add(received);
    }

    int deadLetters() {
        return deadLetters.size();
    }

    void replayAll() {
        List<Received<?>> letters = List.copyOf(deadLetters);
        deadLetters.clear();
        world.count("dead letters replayed", letters.size());
        letters.forEach(this::append);
    }

    /** All that was ever said, events of sagas apart. */
    List<Received<?>> everything() {
        return everything;
    }

    private static <M extends Message> Received<M> decode(ProducerRecord<String, byte[]> sent, MessageTypes<M> types) {
        Headers headers = sent.headers();
        return Decoding.decode(
                new ConsumerRecord<>(
                        sent.topic(),
                        partitionOf(sent.key()),
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        sent.key(),
                        sent.value(),
                        headers,
                        Optional.empty()),
                types);
    }
}
