package caravan.common.messaging;

import caravan.common.log.Facts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record that is put aside, and why. */
record DeadLetter(ConsumerRecord<String, byte[]> record, Throwable cause, int attempts) {

    Facts facts() {
        return facts(record).attempt(attempts);
    }

    /** What the headers say, which may be anything: an id that is none of a command or a reply names no saga. */
    static Facts facts(ConsumerRecord<String, byte[]> record) {
        TraceContext trace = new TraceContext(header(record, "traceparent"), null, null);
        Facts facts = Facts.NONE.trace(trace.traceId(), trace.spanId());
        String id = header(record, "ce_id");
        if (id == null) {
            return facts;
        }
        Optional<MessageId> command = MessageId.parse(id).or(() -> MessageId.answeredBy(id));
        return command.map(of -> facts.saga(of.sagaId()).step(of.step()))
                .orElse(facts)
                .message(id);
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
