package caravan.common.messaging;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter on its way back. It is the same message again, under its own id (rule 10) and in its own trace; the span of its
 * handling links to that of whoever sent it back.
 */
public final class Replay {

    /** W3C traceparent of who replays; beside the message's own. */
    public static final String HEADER = "replay-traceparent";

    private Replay() {}

    /**
     * The record to send to the topic it came from: without what was said about its death, so that it may die again.
     *
     * @param operator who wants it replayed
     * @throws PoisonException when the letter does not say where it came from
     */
    public static ProducerRecord<String, byte[]> of(ConsumerRecord<String, byte[]> letter, TraceContext operator) {
        Header topic = letter.headers().lastHeader(DeadLetters.HEADER_PREFIX + "topic");
        if (topic == null) {
            throw new PoisonException("no dead letter: it names no topic");
        }
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(text(topic), letter.key(), letter.value());
        for (Header header : letter.headers()) {
            if (!header.key().startsWith(DeadLetters.HEADER_PREFIX)
                    && !header.key().equals(HEADER)) {
                record.headers().add(header);
            }
        }
        if (operator.traceparent() != null) {
            record.headers().add(HEADER, operator.traceparent().getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }

    /** Who sent this record back; empty for one that comes for the first time. */
    static Optional<TraceContext> operator(ConsumerRecord<String, byte[]> record) {
        return Optional.ofNullable(record.headers().lastHeader(HEADER))
                .map(header -> new TraceContext(text(header), null, null));
    }

    private static String text(Header header) {
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
