package caravan.saga.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import caravan.common.messaging.DeadLetters;
import caravan.common.messaging.MessageId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies on its topic. Nothing of it can be relied upon: what it does not say is unknown, and text that no
 * database takes loses the characters that are to blame.
 *
 * @param topic where it came from; that it lies on is the same with {@code .dlq}
 */
record Letter(
        UUID id,
        String topic,
        int partition,
        long offset,
        String consumer,
        String cause,
        int attempts,
        Instant failedAt,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable UUID sagaId,
        @Nullable Instant saidAt,
        ConsumerRecord<String, byte[]> record) {

    private static final String SUFFIX = ".dlq";
    private static final String UNKNOWN = "unknown";

    static Letter of(ConsumerRecord<String, byte[]> record) {
        @Nullable String messageId = text(record, "ce_id");
        return new Letter(
                UUID.nameUUIDFromBytes("%s/%d/%d"
                        .formatted(record.topic(), record.partition(), record.offset())
                        .getBytes(UTF_8)),
                said(record, "topic").orElseGet(() -> record.topic().replace(SUFFIX, "")),
                said(record, "partition").flatMap(Letter::number).orElse(-1L).intValue(),
                said(record, "offset").flatMap(Letter::number).orElse(-1L),
                said(record, "consumer").orElse(UNKNOWN),
                said(record, "cause").orElse(UNKNOWN),
                said(record, "attempts").flatMap(Letter::number).orElse(0L).intValue(),
                said(record, "at").flatMap(Letter::time).orElseGet(() -> Instant.ofEpochMilli(record.timestamp())),
                messageId,
                text(record, "ce_type"),
                messageId == null ? null : sagaOf(messageId),
                Optional.ofNullable(text(record, "ce_time"))
                        .flatMap(Letter::time)
                        .orElse(null),
                record);
    }

    private static @Nullable UUID sagaOf(String messageId) {
        return MessageId.parse(messageId)
                .or(() -> MessageId.answeredBy(messageId))
                .map(MessageId::sagaId)
                .orElse(null);
    }

    private static Optional<String> said(ConsumerRecord<String, byte[]> record, String name) {
        return Optional.ofNullable(text(record, DeadLetters.HEADER_PREFIX + name));
    }

    private static @Nullable String text(ConsumerRecord<String, byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null || found.value() == null ? null : storable(new String(found.value(), UTF_8));
    }

    /** PostgreSQL takes any text but this character. */
    static String storable(String text) {
        return text.replace("\0", "");
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
