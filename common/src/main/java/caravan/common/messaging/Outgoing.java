package caravan.common.messaging;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import caravan.common.contract.Topics;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A message ready to be sent; {@code body} is what Kafka takes, never changed and never compared. */
@SuppressWarnings("ArrayRecordComponent")
public record Outgoing(String topic, String key, Envelope envelope, byte[] body) {

    /** A message about a saga, keyed by its id. */
    public static Outgoing ofSaga(
            String topic, UUID sagaId, String id, String source, TraceContext trace, Message message) {
        return of(topic, sagaId.toString(), id, source, trace, message);
    }

    public static Outgoing of(String topic, String key, String id, String source, TraceContext trace, Message message) {
        Envelope envelope = new Envelope(id, MessageTypes.nameOf(message), source, key, Instant.now(), trace, null);
        return new Outgoing(topic, key, envelope, Json.bytes(message));
    }

    /** The reply to a command. */
    public static Outgoing reply(MessageId command, String source, TraceContext trace, Reply reply) {
        String id = switch (reply) {
            case Reply.Deferred deferred -> command.deferralId(deferred.until().toEpochMilli());
            case Reply.Done _, Reply.Rejected _, Reply.Refused _ -> command.replyId();
        };
        return ofSaga(Topics.SAGA_REPLIES, command.sagaId(), id, source, trace, reply);
    }

    public Outgoing within(Instant deadline) {
        return with(envelope.time(), deadline);
    }

    /** For what is said again long after it happened: it stays as old as it is. */
    public Outgoing at(Instant time) {
        return with(time, envelope.deadline());
    }

    /** The same message as part of another span's work. */
    Outgoing in(TraceContext trace) {
        return new Outgoing(topic, key, envelope.in(trace), body);
    }

    private Outgoing with(Instant time, @Nullable Instant deadline) {
        Envelope e = envelope;
        return new Outgoing(
                topic, key, new Envelope(e.id(), e.type(), e.source(), e.subject(), time, e.trace(), deadline), body);
    }

    /** As Kafka takes it. */
    public ProducerRecord<String, byte[]> record() {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, body);
        envelope.write(record.headers());
        return record;
    }
}
