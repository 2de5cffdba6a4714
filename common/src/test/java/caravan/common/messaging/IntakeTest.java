package caravan.common.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.contract.Topics;
import caravan.fleet.testing.LogRecorder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IntakeTest {

    private static final Tracer NOBODY = TracerProvider.noop().get("test");

    private static final String TOPIC = Topics.SHIPMENT_COMMANDS;

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MessageMetrics metrics = new MessageMetrics(meters);
    private final List<List<String>> handled = new CopyOnWriteArrayList<>();
    private final List<Throwable> troubles = new ArrayList<>();
    private @Nullable String poison;

    /** Whose records somebody takes though they cannot be read. */
    private @Nullable String wanted;

    @Test
    void handlesABatchAtOnceAndSendsWhatComesOut() {
        accept(256, records(5));

        assertThat(handled).hasSize(1);
        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(5);
    }

    @Test
    void handlesNoMoreThanTheLargestBatchAtOnce() {
        accept(4, records(10));

        assertThat(handled).extracting(List::size).containsExactly(4, 4, 2);
    }

    @Test
    void halvesABatchUntilThePoisonStandsAlone() {
        List<ConsumerRecord<String, byte[]>> records = records(8);
        poison = idOf(records.get(5));

        accept(256, records);

        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(7);
        assertThat(sentTo(Topics.deadLetters(TOPIC))).singleElement().satisfies(dead -> {
            assertThat(header(dead, "ce_id")).isEqualTo(poison);
            assertThat(header(dead, "dead-attempts")).isEqualTo("3");
            assertThat(header(dead, "dead-cause")).contains("22P05");
            assertThat(header(dead, "dead-topic")).isEqualTo(TOPIC);
            assertThat(header(dead, "dead-partition")).isEqualTo("3");
            assertThat(header(dead, "dead-offset")).isEqualTo("5");
            assertThat(header(dead, "dead-consumer")).isEqualTo("test-service");
        });
        // Eight; four; two of the others; one of those; the one that is left; the rest. Then it alone, when all others
        // are done.
        assertThat(handled).extracting(List::size).containsExactly(8, 4, 2, 1, 1, 2, 1, 1);
    }

    @Test
    void putsWhatCannotBeReadAsideUnlessSomebodyTakesIt() {
        List<ConsumerRecord<String, byte[]>> records = records(3);
        ConsumerRecord<String, byte[]> taken = unreadable(records.get(0));
        ConsumerRecord<String, byte[]> nobodys = unreadable(records.get(1));
        wanted = taken.key();
        // The database is away for a moment.
        troubles.add(new ConnectException("no route"));

        accept(256, List.of(taken, nobodys, records.get(2)));

        assertThat(sentTo(Topics.deadLetters(TOPIC)))
                .extracting(ProducerRecord::key)
                .containsExactly(nobodys.key());
        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(1);
    }

    @Test
    void putsWhatCannotBeReadAsideWhenItCannotBeTaken() {
        ConsumerRecord<String, byte[]> record = unreadable(records(1).getFirst());
        wanted = record.key();
        troubles.add(new IllegalStateException("a defect"));

        accept(256, List.of(record));

        assertThat(sentTo(Topics.deadLetters(TOPIC))).hasSize(1);
    }

    private static ConsumerRecord<String, byte[]> unreadable(ConsumerRecord<String, byte[]> record) {
        ConsumerRecord<String, byte[]> other = new ConsumerRecord<>(
                record.topic(), record.partition(), record.offset(), record.key(), "no JSON".getBytes(UTF_8));
        record.headers().forEach(other.headers()::add);
        return other;
    }

    @Test
    void keepsWhatComesAfterAFailureUnderItsKeyBehindIt() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(records(6));
        ConsumerRecord<String, byte[]> sick = records.get(1);
        ConsumerRecord<String, byte[]> after = record(UUID.fromString(sick.key()), "approve-order", 6);
        records.add(after);
        poison = idOf(sick);

        accept(256, records);

        assertThat(handled).endsWith(List.of(idOf(sick)), List.of(idOf(sick)), List.of(idOf(after)));
        assertThat(handled.stream().flatMap(List::stream).filter(idOf(after)::equals))
                .as("tried with the batch, and when the way is free")
                .hasSize(2);
        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(6);
        assertThat(sentTo(Topics.deadLetters(TOPIC))).hasSize(1);
    }

    /** A defect that hits all of a type: none waits for another's next try. */
    @Test
    void putsAWholeBatchOfPoisonAsideInThreeRounds() {
        troubles.addAll(Collections.nCopies(1_000, new IllegalStateException("defect")));
        long start = System.nanoTime();

        accept(256, records(200));

        assertThat(sentTo(Topics.deadLetters(TOPIC))).hasSize(200);
        // One is looked for; they are many: halves of the rest. Then each twice more, with two pauses in all.
        assertThat(handled).hasSize(8 + 2 * 199 - 1 + 200 + 200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void triesARecordAgainThatFailedOnce() {
        troubles.add(new IllegalStateException("hiccup"));

        accept(256, records(1));

        assertThat(handled).hasSize(2);
        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(1);
        assertThat(sentTo(Topics.deadLetters(TOPIC))).isEmpty();
    }

    @Test
    void waitsForTheDatabaseAsLongAsItTakes() {
        IntStream.range(0, 20).forEach(_ -> troubles.add(new ConnectException("refused")));

        accept(256, records(2));

        assertThat(handled).hasSize(21).allSatisfy(batch -> assertThat(batch).hasSize(2));
        assertThat(sentTo(Topics.deadLetters(TOPIC))).isEmpty();
    }

    @Test
    void handlesAgainWhatCouldNotBeSent() {
        List<ConsumerRecord<String, byte[]>> records = records(2);
        MockProducer<String, byte[]> moody =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                    private boolean failed;

                    @Override
                    public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata>
                            send(
                                    ProducerRecord<String, byte[]> record,
                                    org.apache.kafka.clients.producer.Callback callback) {
                        if (!failed) {
                            failed = true;
                            callback.onCompletion(null, new NotLeaderOrFollowerException("moved"));
                            return new java.util.concurrent.CompletableFuture<>();
                        }
                        return super.send(record, callback);
                    }
                };

        intake(256, moody).accept(records).await().atMost(Duration.ofSeconds(5));

        assertThat(handled).hasSize(2);
        assertThat(moody.history()).hasSize(2);
    }

    @Test
    void putsWhatCannotBeReadAsideAtOnceAndHandlesTheRest() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(records(1));
        records.add(broken("no json".getBytes(UTF_8), "cancel-shipment"));
        records.add(broken("{}".getBytes(UTF_8), "launch-rocket"));
        records.add(new ConsumerRecord<>(TOPIC, 3, 9, null, "{}".getBytes(UTF_8)));
        records.add(new ConsumerRecord<>(TOPIC, 3, 10, "key", null));

        accept(256, records);

        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(1);
        assertThat(sentTo(Topics.deadLetters(TOPIC)))
                .hasSize(4)
                .allSatisfy(dead -> assertThat(header(dead, "dead-attempts")).isEqualTo("1"));
        assertThat(handled).hasSize(1);
    }

    @Test
    void putsACommandAsideThatIsOlderThanTheReplayWindow() {
        List<ConsumerRecord<String, byte[]>> records = records(3);
        ConsumerRecord<String, byte[]> old = records.get(1);
        old.headers().remove("ce_time");
        old.headers()
                .add(
                        "ce_time",
                        Instant.now().minus(Duration.ofDays(7)).toString().getBytes(UTF_8));

        accept(256, records);

        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(2);
        assertThat(handled).allSatisfy(batch -> assertThat(batch).doesNotContain(idOf(old)));
        assertThat(sentTo(Topics.deadLetters(TOPIC))).singleElement().satisfies(dead -> {
            assertThat(header(dead, "ce_id")).isEqualTo(idOf(old));
            assertThat(header(dead, "dead-cause")).contains("replay window");
            assertThat(header(dead, "dead-attempts")).isEqualTo("1");
        });
    }

    @Test
    void putsACommandAsideThatGrewTooOldWhileItWaitedForTheDatabase() {
        IntStream.range(0, 40).forEach(_ -> troubles.add(new ConnectException("refused")));

        MessagingConfig config = Configs.with(Map.of("caravan.messaging.replay-window", "100ms"));
        intake(config, producer).accept(records(1)).await().atMost(Duration.ofSeconds(10));

        assertThat(handled).isNotEmpty();
        assertThat(sentTo(Topics.SAGA_REPLIES)).isEmpty();
        assertThat(sentTo(Topics.deadLetters(TOPIC))).hasSize(1);
    }

    @Test
    void keepsKeyBodyAndHeadersOfADeadLetter() {
        ConsumerRecord<String, byte[]> broken = broken("no json".getBytes(UTF_8), "cancel-shipment");
        broken.headers().add("traceparent", "00-abc".getBytes(UTF_8));

        accept(256, List.of(broken));

        ProducerRecord<String, byte[]> dead = sentTo(Topics.deadLetters(TOPIC)).getFirst();
        assertThat(dead.key()).isEqualTo(broken.key());
        assertThat(dead.value()).isEqualTo(broken.value());
        assertThat(header(dead, "traceparent")).isEqualTo("00-abc");
        assertThat(header(dead, "ce_id")).isEqualTo(idOf(broken));
    }

    @Test
    void putsARecordAsideWhoseReplyNoBrokerTakes() {
        producer.sendException = new RecordTooLargeException("2 MB");
        List<ConsumerRecord<String, byte[]>> records = records(1);

        Uni<Void> accepted = intake(256, producer).accept(records);
        accepted.subscribe().with(_ -> {}, _ -> {});
        org.awaitility.Awaitility.await().until(() -> handled.size() >= 3);
        producer.sendException = null;

        org.awaitility.Awaitility.await()
                .until(() -> sentTo(Topics.deadLetters(TOPIC)).size() == 1);
    }

    @Test
    void countsEachRecordOnceByWhatBecameOfIt() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>(records(8));
        poison = idOf(records.get(5));
        records.add(broken("{}".getBytes(UTF_8), "launch-rocket"));

        accept(4, records);

        assertThat(messages("cancel-shipment", "handled")).isEqualTo(7);
        assertThat(messages("cancel-shipment", "dead")).isEqualTo(1);
        assertThat(messages("unknown", "dead")).isEqualTo(1);
        assertThat(meters.counter("dead.letters", "topic", TOPIC).count()).isEqualTo(2);
        assertThat(meters.get("message.duration")
                        .tag("type", "cancel-shipment")
                        .timer()
                        .count())
                .isEqualTo(8);
        assertThat(meters.get("message.age").tag("topic", TOPIC).timer().count())
                .isEqualTo(7);
    }

    @Test
    void countsNoTypeThatARecordMakesUp() {
        accept(256, records(1));
        accept(256, List.of(broken("{}".getBytes(UTF_8), "launch-rocket")));
        int before = meters.getMeters().size();

        accept(256, List.of(broken("{}".getBytes(UTF_8), "launch-" + UUID.randomUUID()), broken(new byte[9], "a@b.c")));

        assertThat(meters.getMeters()).hasSize(before);
    }

    @Test
    void saysWhichRecordALineIsAbout() {
        List<ConsumerRecord<String, byte[]>> records = records(3);
        poison = idOf(records.get(1));

        try (LogRecorder log = LogRecorder.start()) {
            accept(256, records);

            assertThat(log.lines())
                    .filteredOn(line -> line.message().startsWith("dead letter"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.keys())
                            .containsEntry("messageId", poison)
                            .containsEntry("sagaId", records.get(1).key())
                            .containsEntry("step", "arrange-shipment")
                            .containsEntry("attempt", "3"));
            assertThat(log.lines())
                    .filteredOn(line -> line.message().startsWith("failed"))
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line.keys())
                            .containsEntry("messageId", poison)
                            .containsEntry("orderId", records.get(1).key()));
        }
    }

    @Test
    void tellsNothingOfABodyThatCannotBeRead() {
        byte[] secret = "{\"orderId\":\"tok_canary_4711\"}".getBytes(UTF_8);
        byte[] broken = "{\"orderId\": tok_canary_4711".getBytes(UTF_8);

        try (LogRecorder log = LogRecorder.start()) {
            accept(256, List.of(broken(secret, "cancel-shipment"), broken(broken, "cancel-shipment")));

            assertThat(log.lines())
                    .extracting(LogRecorder.Line::message)
                    .anyMatch(line -> line.startsWith("dead letter"));
            assertThat(log.text()).doesNotContain("canary");
        }
        assertThat(sentTo(Topics.deadLetters(TOPIC)))
                .hasSize(2)
                .allSatisfy(dead -> assertThat(header(dead, "dead-cause")).doesNotContain("canary"));
    }

    private double messages(String type, String outcome) {
        return meters.get("messages")
                .tags("topic", TOPIC, "type", type, "outcome", outcome)
                .counter()
                .count();
    }

    private void accept(int maxBatch, List<ConsumerRecord<String, byte[]>> records) {
        intake(maxBatch, producer).accept(records).await().atMost(Duration.ofSeconds(10));
    }

    private Intake<ShipmentCommand> intake(int maxBatch, MockProducer<String, byte[]> to) {
        return intake(Configs.with(Map.of("caravan.messaging.max-batch", String.valueOf(maxBatch))), to);
    }

    private Intake<ShipmentCommand> intake(MessagingConfig config, MockProducer<String, byte[]> to) {
        Publisher publisher = new Publisher(to, NOBODY);
        DeadLetters deadLetters = new DeadLetters(publisher, config, metrics);
        return new Intake<>(
                MessageTypes.SHIPMENT_COMMANDS,
                this::handle,
                this::unreadable,
                publisher,
                deadLetters,
                config,
                metrics,
                NOBODY);
    }

    private Uni<List<ConsumerRecord<String, byte[]>>> unreadable(List<ConsumerRecord<String, byte[]>> records) {
        if (!troubles.isEmpty()) {
            return Uni.createFrom().failure(troubles.removeFirst());
        }
        return Uni.createFrom()
                .item(records.stream()
                        .filter(record -> !record.key().equals(wanted))
                        .toList());
    }

    private Uni<List<Outgoing>> handle(List<Received<ShipmentCommand>> batch) {
        List<String> ids = batch.stream().map(r -> r.envelope().id()).toList();
        handled.add(ids);
        if (!troubles.isEmpty()) {
            return Uni.createFrom().failure(troubles.removeFirst());
        }
        if (poison != null && ids.contains(poison)) {
            return Uni.createFrom().failure(new PgException("no NUL", "ERROR", "22P05", null));
        }
        return Uni.createFrom()
                .item(batch.stream()
                        .map(r ->
                                Outgoing.reply(r.commandId(), "test", TraceContext.NONE, new Reply.ShipmentCancelled()))
                        .toList());
    }

    private static List<ConsumerRecord<String, byte[]>> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> record(UUID.randomUUID(), "arrange-shipment", i))
                .toList();
    }

    private static ConsumerRecord<String, byte[]> record(UUID saga, String step, int offset) {
        MessageId id = new MessageId(saga, step, Direction.UNDO);
        Outgoing out = Outgoing.ofSaga(TOPIC, saga, id.toString(), "test", TraceContext.NONE, new CancelShipment(saga));
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(TOPIC, 3, offset, saga.toString(), out.body());
        out.envelope().write(record.headers());
        return record;
    }

    private static ConsumerRecord<String, byte[]> broken(byte[] body, String type) {
        UUID saga = UUID.randomUUID();
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(TOPIC, 3, 7, saga.toString(), body);
        new Envelope(saga + ":arrange-shipment:do", type, "test", null, Instant.now(), TraceContext.NONE, null)
                .write(record.headers());
        return record;
    }

    private List<ProducerRecord<String, byte[]>> sentTo(String topic) {
        return producer.history().stream().filter(r -> r.topic().equals(topic)).toList();
    }

    private static String idOf(ConsumerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("ce_id").value(), UTF_8);
    }

    private static String header(ProducerRecord<String, byte[]> record, String name) {
        return Stream.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, UTF_8))
                .findFirst()
                .orElse("");
    }
}
