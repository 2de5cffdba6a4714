package caravan.common.messaging;

import caravan.common.contract.Message;
import io.opentelemetry.api.trace.Span;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A decoded record. What is sent because of it continues the trace of its envelope.
 *
 * @param span of its handling, to be told more about; one that records nothing where nobody records the trace
 */
public record Received<M extends Message>(
        Envelope envelope, M message, ConsumerRecord<String, byte[]> record, Span span) {

    public Received(Envelope envelope, M message, ConsumerRecord<String, byte[]> record) {
        this(envelope, message, record, Span.getInvalid());
    }

    /** The same record while {@code handling} runs. */
    Received<M> in(Span handling, TraceContext trace) {
        return new Received<>(envelope.in(trace), message, record, handling);
    }

    /** The id of a command; throws {@link PoisonException} when the record carries none. */
    public MessageId commandId() {
        return MessageId.parse(envelope.id())
                .orElseThrow(() -> new PoisonException("ce_id is no command id: " + envelope.id()));
    }

    /** The command a reply answers; throws {@link PoisonException} when the record carries no reply id. */
    public MessageId answeredId() {
        return MessageId.answeredBy(envelope.id())
                .orElseThrow(() -> new PoisonException("ce_id is no reply id: " + envelope.id()));
    }
}
