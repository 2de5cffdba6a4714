package caravan.common.messaging;

import caravan.common.contract.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;

/**
 * Puts records aside on {@code <topic>.dlq}: key, body and headers as they came, and beside them cause, attempts and the
 * original position, so that a replay is the same message again (rule 10).
 */
@Singleton
public class DeadLetters {

    /** Prefix of the headers that a dead letter carries besides its own. */
    public static final String HEADER_PREFIX = "dead-";

    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final int LONGEST_CAUSE = 500;

    private final Publisher publisher;
    private final MessagingConfig config;
    private final MessageMetrics metrics;

    DeadLetters(Publisher publisher, MessagingConfig config, MessageMetrics metrics) {
        this.publisher = publisher;
        this.config = config;
        this.metrics = metrics;
    }

    /** One that has been taken from Kafka before, under its own topic. */
    public Uni<Void> bury(ConsumerRecord<String, byte[]> record, Throwable cause) {
        return bury(List.of(new DeadLetter(record, cause, 1)));
    }

    Uni<Void> bury(List<DeadLetter> letters) {
        return publisher
                .sendRecords(letters.stream().map(this::record).toList())
                .invoke(() -> letters.forEach(this::tell));
    }

    private void tell(DeadLetter letter) {
        ConsumerRecord<String, byte[]> record = letter.record();
        metrics.buried(record.topic());
        letter.facts()
                .tell(() -> LOG.errorf(
                        "dead letter: %s %d:%d, %s",
                        record.topic(), record.partition(), record.offset(), causeOf(letter)));
    }

    private ProducerRecord<String, byte[]> record(DeadLetter letter) {
        ConsumerRecord<String, byte[]> from = letter.record();
        ProducerRecord<String, byte[]> to =
                new ProducerRecord<>(Topics.deadLetters(from.topic()), from.key(), from.value());
        for (Header header : from.headers()) {
            to.headers().add(header);
        }
        put(to.headers(), "cause", causeOf(letter));
        put(to.headers(), "attempts", String.valueOf(letter.attempts()));
        put(to.headers(), "topic", from.topic());
        put(to.headers(), "partition", String.valueOf(from.partition()));
        put(to.headers(), "offset", String.valueOf(from.offset()));
        put(to.headers(), "consumer", config.source());
        put(to.headers(), "at", Instant.now().toString());
        return to;
    }

    private static String causeOf(DeadLetter letter) {
        String cause = Faults.describe(letter.cause());
        return cause.substring(0, Math.min(cause.length(), LONGEST_CAUSE));
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(HEADER_PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
    }
}
