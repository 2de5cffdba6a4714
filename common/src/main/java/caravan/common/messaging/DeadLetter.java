package caravan.common.messaging;

import caravan.common.log.Facts;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that is put aside, and why. */
record DeadLetter(ConsumerRecord<String, byte[]> record, Throwable cause, int attempts) {

    Facts facts() {
        return facts(record).attempt(attempts);
    }

    /** What the headers say, which may be anything: an id that is none of a command or a reply names no saga. */
    static Facts facts(ConsumerRecord<String, byte[]> record) {
        TraceContext trace = Envelope.trace(record.headers());
        Facts facts = Facts.NONE.trace(trace.traceId(), trace.spanId());
        String id = Envelope.id(record.headers());
        if (id == null) {
            return facts;
        }
        return MessageId.about(id)
                .map(of -> facts.saga(of.sagaId()).step(of.step()))
                .orElse(facts)
                .message(id);
    }
}
