package caravan.common.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.contract.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a batch leaves in the traces of its records. */
@Timeout(20)
class IntakeSpansTest {

    private static final String TOPIC = Topics.SHIPMENT_COMMANDS;
    private static final String SECRET = "tok_4242424242424242";

    private final RecordedSpans spans = new RecordedSpans();
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final List<Throwable> troubles = new ArrayList<>();
    private @Nullable String poison;

    @AfterEach
    void noSpanIsLeftOpen() {
        assertThat(spans.open()).isZero();
    }

    @Test
    void leadsEachTraceFromTheCommandToItsReply() {
        List<ConsumerRecord<String, byte[]>> records = List.of(record(0, sampled(1)), record(1, sampled(2)));

        accept(records);

        assertThat(spans.named("process cancel-shipment"))
                .extracting(SpanData::getKind, SpanData::getTraceId, SpanData::getParentSpanId)
                .containsExactly(
                        tuple(SpanKind.CONSUMER, traceId(1), spanId(1)),
                        tuple(SpanKind.CONSUMER, traceId(2), spanId(2)));
        assertThat(spans.named("send shipment-cancelled"))
                .extracting(SpanData::getKind, SpanData::getTraceId, SpanData::getParentSpanId)
                .containsExactlyElementsOf(spans.named("process cancel-shipment").stream()
                        .map(span -> tuple(SpanKind.PRODUCER, span.getTraceId(), span.getSpanId()))
                        .toList());
        assertThat(producer.history())
                .extracting(sent -> header(sent, "traceparent"))
                .containsExactlyElementsOf(spans.named("send shipment-cancelled").stream()
                        .map(span -> "00-" + span.getTraceId() + "-" + span.getSpanId() + "-01")
                        .toList());
    }

    @Test
    void saysWhatTheSpanIsAbout() {
        ConsumerRecord<String, byte[]> record = record(7, sampled(1));

        accept(List.of(record));

        assertThat(spans.named("process cancel-shipment")).singleElement().satisfies(span -> {
            Map<String, Object> said = attributes(span);
            assertThat(said)
                    .containsEntry("messaging.system", "kafka")
                    .containsEntry("messaging.operation.type", "process")
                    .containsEntry("messaging.destination.name", TOPIC)
                    .containsEntry("messaging.message.id", record.key() + ":arrange-shipment:undo")
                    .containsEntry("saga.id", record.key())
                    .containsEntry("saga.step", "arrange-shipment")
                    .containsEntry("saga.attempt", 1L)
                    .containsEntry("saga.compensation", true)
                    .containsEntry("order.id", record.key());
        });
        assertThat(spans.named("send shipment-cancelled"))
                .singleElement()
                .satisfies(span -> assertThat(attributes(span))
                        .containsEntry("messaging.operation.type", "send")
                        .containsEntry("messaging.destination.name", Topics.SAGA_REPLIES)
                        .containsEntry("saga.id", record.key()));
    }

    @Test
    void linksAPollWithItsRecordsBothWays() {
        accept(List.of(record(0, sampled(1)), record(1, unsampled(2)), record(2, sampled(3))));

        SpanData poll = spans.named("poll " + TOPIC).getFirst();
        assertThat(poll.getParentSpanContext().isValid()).isFalse();
        assertThat(poll.getLinks())
                .extracting(link -> link.getSpanContext().getTraceId())
                .containsExactly(traceId(1), traceId(3));
        assertThat(attributes(poll)).containsEntry("messaging.batch.message_count", 3L);
        assertThat(spans.named("process cancel-shipment"))
                .hasSize(2)
                .allSatisfy(span -> assertThat(links(span, "poll")).containsExactly(poll.getSpanId()));
    }

    @Test
    void linksAPollToNoMoreRecordsThanAreWorthIt() {
        accept(IntStream.range(0, 200).mapToObj(i -> record(i, sampled(i + 1))).toList());

        assertThat(spans.named("poll " + TOPIC).getFirst().getLinks()).hasSize(64);
        assertThat(spans.named("process cancel-shipment")).hasSize(200);
    }

    @Test
    void makesNothingOfWhatNobodyRecordsAndHandsItsContextOn() {
        accept(List.of(record(0, unsampled(1)), record(1, TraceContext.NONE)));

        assertThat(spans.ended()).isEmpty();
        assertThat(producer.history())
                .extracting(sent -> header(sent, "traceparent"))
                .containsExactly(unsampled(1).traceparent(), "");
    }

    @Test
    void linksATryToTheOneThatFailed() {
        troubles.add(new IllegalStateException("the card " + SECRET + " is odd"));

        accept(List.of(record(0, sampled(1))));

        List<SpanData> tries = spans.named("process cancel-shipment");
        assertThat(tries)
                .extracting(span -> span.getStatus().getStatusCode())
                .containsExactly(StatusCode.ERROR, StatusCode.UNSET);
        assertThat(tries).extracting(SpanData::getParentSpanId).containsOnly(spanId(1));
        assertThat(links(tries.get(1), "retry")).containsExactly(tries.get(0).getSpanId());
        assertThat(attributes(tries.get(1))).containsEntry("saga.attempt", 2L);
        assertThat(tries.get(0).getEvents()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("exception");
            assertThat(event.getAttributes().asMap().values()).containsExactly(IllegalStateException.class.getName());
        });
        assertThat(spans.ended().toString()).doesNotContain(SECRET);
    }

    @Test
    void linksEachTryWhileItWaitsForTheSurroundings() {
        IntStream.range(0, 5).forEach(_ -> troubles.add(new ConnectException("refused")));

        accept(List.of(record(0, sampled(1)), record(1, sampled(2))));

        List<SpanData> tries = spans.named("process cancel-shipment").stream()
                .filter(span -> span.getTraceId().equals(traceId(2)))
                .toList();
        assertThat(tries).hasSize(6);
        for (int i = 1; i < tries.size(); i++) {
            assertThat(links(tries.get(i), "retry"))
                    .containsExactly(tries.get(i - 1).getSpanId());
        }
        assertThat(spans.named("send shipment-cancelled")).hasSize(2);
    }

    @Test
    void tellsInThePoisonsTraceThatItIsPutAsideAndKeepsItsSender() {
        List<ConsumerRecord<String, byte[]>> records =
                IntStream.range(0, 8).mapToObj(i -> record(i, sampled(i + 1))).toList();
        poison = text(records.get(5), "ce_id");

        accept(records);

        List<SpanData> tries = spans.named("process cancel-shipment").stream()
                .filter(span -> span.getTraceId().equals(traceId(6)))
                .toList();
        // In company of eight and of two; then alone, as often as it may.
        assertThat(tries)
                .hasSize(5)
                .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
        assertThat(attributes(tries.getLast())).containsEntry("saga.attempt", 3L);
        assertThat(spans.named("dead-letter " + TOPIC))
                .singleElement()
                .satisfies(span -> assertThat(span.getParentSpanId())
                        .isEqualTo(tries.getLast().getSpanId()));
        assertThat(sentTo(Topics.deadLetters(TOPIC)))
                .singleElement()
                .satisfies(dead -> assertThat(header(dead, "traceparent"))
                        .isEqualTo(sampled(6).traceparent()));
        assertThat(spans.named("send shipment-cancelled")).hasSize(7);
    }

    @Test
    void tellsOfWhatCannotBeRead() {
        ConsumerRecord<String, byte[]> known = record(0, sampled(1), "no JSON but " + SECRET);
        ConsumerRecord<String, byte[]> unknown = record(1, sampled(2));
        unknown.headers().remove("ce_type");
        unknown.headers().add("ce_type", "launch-rocket".getBytes(UTF_8));

        accept(List.of(known, unknown));

        assertThat(spans.ended())
                .filteredOn(span -> span.getKind() == SpanKind.CONSUMER)
                .extracting(
                        SpanData::getName,
                        SpanData::getTraceId,
                        span -> span.getStatus().getStatusCode())
                .containsExactly(
                        tuple("process cancel-shipment", traceId(1), StatusCode.ERROR),
                        tuple("process unknown", traceId(2), StatusCode.ERROR));
        assertThat(spans.named("dead-letter " + TOPIC)).hasSize(2);
        assertThat(spans.ended().toString()).doesNotContain(SECRET);
    }

    @Test
    void linksAReplayToWhoeverSentItBack() {
        ConsumerRecord<String, byte[]> record = record(0, sampled(1));
        poison = text(record, "ce_id");
        accept(List.of(record));
        poison = null;
        TraceContext operator = sampled(9);

        accept(List.of(
                received(Replay.of(received(sentTo(Topics.deadLetters(TOPIC)).getFirst()), operator))));

        SpanData replayed = spans.named("process cancel-shipment").getLast();
        assertThat(replayed.getTraceId()).isEqualTo(traceId(1));
        assertThat(replayed.getParentSpanId()).isEqualTo(spanId(1));
        assertThat(replayed.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(links(replayed, "replay")).containsExactly(spanId(9));
        assertThat(sentTo(Topics.SAGA_REPLIES)).hasSize(1);
    }

    @Test
    void namesTheLastOperatorOfALetterThatDiedTwice() {
        ConsumerRecord<String, byte[]> record = record(0, sampled(1));
        poison = text(record, "ce_id");
        accept(List.of(record));
        accept(List.of(
                received(Replay.of(received(sentTo(Topics.deadLetters(TOPIC)).getFirst()), sampled(8)))));

        ProducerRecord<String, byte[]> again =
                Replay.of(received(sentTo(Topics.deadLetters(TOPIC)).getLast()), sampled(9));

        assertThat(again.topic()).isEqualTo(TOPIC);
        assertThat(again.headers().headers(Replay.HEADER)).hasSize(1);
        assertThat(header(again, Replay.HEADER)).isEqualTo(sampled(9).traceparent());
        assertThat(again.headers()).noneMatch(header -> header.key().startsWith(DeadLetters.HEADER_PREFIX));
    }

    @Test
    void tellsOfASendThatFailed() {
        MockProducer<String, byte[]> full =
                new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
        UUID saga = UUID.randomUUID();
        Outgoing out = Outgoing.ofSaga(TOPIC, saga, saga + ":a:do", "test", sampled(1), new CancelShipment(saga));
        var sent = new Publisher(full, spans.tracer())
                .send(List.of(out))
                .subscribeAsCompletionStage()
                .toCompletableFuture();

        full.errorNext(new org.apache.kafka.common.errors.RecordTooLargeException(SECRET));

        assertThat(sent).failsWithin(Duration.ofSeconds(5));
        assertThat(spans.named("send cancel-shipment")).singleElement().satisfies(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.toString()).doesNotContain(SECRET);
        });
    }

    private void accept(List<ConsumerRecord<String, byte[]>> records) {
        MessagingConfig config = Configs.with(Map.of());
        Publisher publisher = new Publisher(producer, spans.tracer());
        MessageMetrics metrics = new MessageMetrics(new SimpleMeterRegistry());
        DeadLetters deadLetters = new DeadLetters(publisher, config, metrics);
        new Intake<>(
                        MessageTypes.SHIPMENT_COMMANDS,
                        this::handle,
                        unreadable -> Uni.createFrom().item(unreadable),
                        publisher,
                        deadLetters,
                        config,
                        metrics,
                        spans.tracer())
                .accept(records)
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private Uni<List<Outgoing>> handle(List<Received<ShipmentCommand>> batch) {
        if (!troubles.isEmpty()) {
            return Uni.createFrom().failure(troubles.removeFirst());
        }
        if (batch.stream().anyMatch(received -> received.envelope().id().equals(poison))) {
            return Uni.createFrom().failure(new PgException("no NUL", "ERROR", "22P05", null));
        }
        return Uni.createFrom()
                .item(batch.stream()
                        .map(received -> Outgoing.reply(
                                received.commandId(),
                                "test",
                                received.envelope().trace(),
                                new Reply.ShipmentCancelled()))
                        .toList());
    }

    private static ConsumerRecord<String, byte[]> record(int offset, TraceContext sender) {
        UUID saga = UUID.randomUUID();
        return record(offset, sender, saga, Json.text(new CancelShipment(saga)));
    }

    private static ConsumerRecord<String, byte[]> record(int offset, TraceContext sender, String body) {
        return record(offset, sender, UUID.randomUUID(), body);
    }

    private static ConsumerRecord<String, byte[]> record(int offset, TraceContext sender, UUID saga, String body) {
        String id = new MessageId(saga, "arrange-shipment", Direction.UNDO).toString();
        Outgoing out = Outgoing.ofSaga(TOPIC, saga, id, "test", sender, new CancelShipment(saga));
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(TOPIC, 3, offset, saga.toString(), body.getBytes(UTF_8));
        out.envelope().write(record.headers());
        return record;
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(sent.topic(), 3, 99, sent.key(), sent.value());
        sent.headers().forEach(header -> record.headers().add(header));
        return record;
    }

    private static TraceContext sampled(int number) {
        return new TraceContext("00-" + traceId(number) + "-" + spanId(number) + "-01", null, null);
    }

    private static TraceContext unsampled(int number) {
        return new TraceContext("00-" + traceId(number) + "-" + spanId(number) + "-00", null, null);
    }

    private static String traceId(int number) {
        return "%032x".formatted(number);
    }

    private static String spanId(int number) {
        return "%016x".formatted(number);
    }

    private static Map<String, Object> attributes(SpanData span) {
        Map<String, Object> said = new java.util.HashMap<>();
        span.getAttributes().forEach((key, value) -> said.put(key.getKey(), value));
        return said;
    }

    private static List<String> links(SpanData span, String why) {
        return span.getLinks().stream()
                .filter(link -> why.equals(link.getAttributes().get(SpanKeys.LINK)))
                .map(LinkData::getSpanContext)
                .map(context -> context.getSpanId())
                .toList();
    }

    private List<ProducerRecord<String, byte[]>> sentTo(String topic) {
        return producer.history().stream()
                .filter(sent -> sent.topic().equals(topic))
                .toList();
    }

    private static String text(ConsumerRecord<String, byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), UTF_8);
    }

    private static String header(ProducerRecord<String, byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
