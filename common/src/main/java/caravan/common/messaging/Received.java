package caravan.common.messaging;

import caravan.common.contract.Message;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A decoded record. */
public record Received<M extends Message>(Envelope envelope, M message, ConsumerRecord<String, byte[]> record) {

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
