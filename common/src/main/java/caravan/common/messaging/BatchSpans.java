package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.Message;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagasForgotten;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one polled batch. {@code poll <topic>}, a trace of its own, has links to the senders of its records, and they
 * link back to it: a batch belongs to many traces. {@code process <type>} is one try of one record, a child of the span that
 * sent it; the next try of the same record links to the one that failed. A record that nobody records costs one look at its
 * headers.
 *
 * <p>Not thread-safe: one batch at a time, like {@link Intake}.
 */
final class BatchSpans {

    /** Of the poll: enough to find a batch from either side. */
    private static final int MOST_LINKS = 64;

    /** Tries of records that are handled together. */
    static final class Tries<M extends Message> {

        private final List<Received<M>> batch;
        private final IdentityHashMap<ConsumerRecord<?, ?>, SpanContext> failed;

        private Tries(List<Received<M>> batch, IdentityHashMap<ConsumerRecord<?, ?>, SpanContext> failed) {
            this.batch = batch;
            this.failed = failed;
        }

        /** To be handled: what is built from these continues their spans. */
        List<Received<M>> batch() {
            return batch;
        }

        /** Everything is durable, or {@code fault} was in the way, or nobody waits for it any more. */
        void end(@Nullable Throwable fault, boolean cancelled) {
            for (Received<M> received : batch) {
                if (received.span().isRecording()) {
                    end(received, fault, cancelled);
                }
            }
        }

        private void end(Received<M> received, @Nullable Throwable fault, boolean cancelled) {
            Span span = received.span();
            if (fault != null) {
                TracedWork.markFailed(span, fault);
                failed.put(received.record(), span.getSpanContext());
            } else if (cancelled) {
                span.setStatus(StatusCode.ERROR, "cancelled");
            }
            span.end();
        }
    }

    private final Tracer tracer;
    private final @Nullable Span poll;
    private final IdentityHashMap<ConsumerRecord<?, ?>, SpanContext> failed = new IdentityHashMap<>();

    private BatchSpans(Tracer tracer, @Nullable Span poll) {
        this.tracer = tracer;
        this.poll = poll;
    }

    static BatchSpans of(Tracer tracer, Iterable<ConsumerRecord<String, byte[]>> records) {
        int size = 0;
        String topic = "";
        List<SpanContext> senders = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            size++;
            topic = record.topic();
            if (senders.size() < MOST_LINKS && Envelope.isSampled(record.headers())) {
                senders.add(Envelope.trace(record.headers()).span());
            }
        }
        return new BatchSpans(tracer, senders.isEmpty() ? null : poll(tracer, topic, size, senders));
    }

    private static Span poll(Tracer tracer, String topic, int size, List<SpanContext> senders) {
        SpanBuilder builder = tracer.spanBuilder("poll " + topic).setNoParent().setSpanKind(SpanKind.CLIENT);
        SpanKeys.messaging(builder, "receive", "poll", topic);
        Span poll = builder.setAttribute(SpanKeys.BATCH_SIZE, (long) size).startSpan();
        senders.forEach(sender -> TracedWork.link(poll, sender, "poll"));
        return poll;
    }

    /** All records are handled or put aside. */
    void end() {
        if (poll != null) {
            poll.end();
        }
    }

    /** @param attempt 1 for the first; of a record that is tried alone */
    <M extends Message> Tries<M> begin(List<Received<M>> batch, int attempt) {
        if (poll == null) {
            return new Tries<>(batch, failed);
        }
        List<Received<M>> traced = new ArrayList<>(batch.size());
        for (Received<M> received : batch) {
            traced.add(received.envelope().trace().isSampled() ? begin(received, attempt) : received);
        }
        return new Tries<>(traced, failed);
    }

    private <M extends Message> Received<M> begin(Received<M> received, int attempt) {
        Envelope envelope = received.envelope();
        Context sender = envelope.trace().toContext();
        SpanBuilder builder = process(envelope.type(), sender, received.record())
                .setAttribute(SpanKeys.MESSAGE_ID, envelope.id())
                .setAttribute(SpanKeys.SAGA_ATTEMPT, (long) attempt);
        SpanKeys.saga(builder, envelope.id());
        describe(builder, received.message());
        Span span = builder.startSpan();
        link(span, received.record());
        return received.in(span, TraceContext.of(sender.with(span)));
    }

    /** What cannot be read was tried all the same, for whoever sent it. {@code type}: of the registry, or {@code unknown}. */
    void unreadable(ConsumerRecord<String, byte[]> record, String type, PoisonException why) {
        if (poll != null && Envelope.isSampled(record.headers())) {
            Context sender = Envelope.trace(record.headers()).toContext();
            Span span = process(type, sender, record).startSpan();
            link(span, record);
            TracedWork.markFailed(span, why);
            span.end();
            failed.put(record, span.getSpanContext());
        }
    }

    /** The record is on the topic of the dead letters; its own headers still tell of its sender. */
    void buried(ConsumerRecord<String, byte[]> record) {
        SpanContext last = failed.get(record);
        if (last != null) {
            tracer.spanBuilder("dead-letter " + record.topic())
                    .setParent(Context.root().with(Span.wrap(last)))
                    .startSpan()
                    .setStatus(StatusCode.ERROR, "dead letter")
                    .end();
        }
    }

    private SpanBuilder process(String type, Context sender, ConsumerRecord<String, byte[]> record) {
        SpanBuilder builder =
                tracer.spanBuilder("process " + type).setParent(sender).setSpanKind(SpanKind.CONSUMER);
        SpanKeys.messaging(builder, "process", "process", record.topic());
        return builder.setAttribute(SpanKeys.PARTITION, String.valueOf(record.partition()))
                .setAttribute(SpanKeys.OFFSET, record.offset());
    }

    private void link(Span span, ConsumerRecord<String, byte[]> record) {
        if (poll != null && poll.getSpanContext().isSampled()) {
            TracedWork.link(span, poll.getSpanContext(), "poll");
        }
        SpanContext before = failed.get(record);
        if (before != null) {
            TracedWork.link(span, before, "retry");
        }
        Replay.operator(record).ifPresent(operator -> TracedWork.link(span, operator.span(), "replay"));
    }

    private static void describe(SpanBuilder span, Message message) {
        switch (message) {
            case Command command ->
                span.setAttribute(SpanKeys.ORDER_ID, command.orderId().toString());
            case OrderEvent event -> span.setAttribute(SpanKeys.ORDER_ID, String.valueOf(event.orderId()));
            case SagaAdvanced event ->
                span.setAttribute(SpanKeys.ORDER_ID, String.valueOf(event.orderId()))
                        .setAttribute(SpanKeys.SAGA_ID, String.valueOf(event.sagaId()))
                        .setAttribute(SpanKeys.SAGA_TYPE, event.saga())
                        .setAttribute(SpanKeys.SAGA_STEP, event.step());
            // Who handles a reply knows which order it is about.
            case Reply _, SagasForgotten _, ProductChanged _ -> {}
        }
    }
}
