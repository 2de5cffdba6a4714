package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** From records to messages. Everything a handler may rely on is checked here. */
public final class Decoding {

    private Decoding() {}

    /** Throws {@link PoisonException} saying what is wrong. */
    public static <M extends Message> Received<M> decode(ConsumerRecord<String, byte[]> record, MessageTypes<M> types) {
        if (record.key() == null || record.key().isEmpty()) {
            throw new PoisonException("the record has no key");
        }
        if (record.value() == null) {
            throw new PoisonException("the record has no body");
        }
        Envelope envelope = Envelope.read(record.headers());
        Class<? extends M> type = types.classOf(envelope.type())
                .orElseThrow(() -> new PoisonException("unknown ce_type: " + envelope.type()));
        Received<M> received = new Received<>(envelope, Json.read(record.value(), type), record);
        switch (received.message()) {
            case Command command -> check(record.key(), received.commandId(), command);
            case Reply _ -> check(record.key(), received.answeredId().sagaId());
            case caravan.common.contract.Event _ -> {}
        }
        return received;
    }

    private static void check(String key, MessageId id, Command command) {
        check(key, id.sagaId());
        if (command.orderId() == null) {
            throw new PoisonException("the command names no order");
        }
    }

    private static void check(String key, UUID sagaId) {
        if (!key.equals(sagaId.toString())) {
            throw new PoisonException("the key is not the saga id of ce_id");
        }
    }
}
