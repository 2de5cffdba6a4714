package caravan.common.messaging;

import caravan.common.contract.MessageTypes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a message: CloudEvents 1.0, Kafka protocol binding 1.0, binary content mode; W3C Trace Context.
 *
 * @param id unchanged on every re-send
 * @param type a wire name of {@link caravan.common.contract.MessageTypes}
 * @param source the service that says it
 * @param subject the saga id, or the aggregate's id for an event outside a saga
 * @param deadline when nobody waits for the step any more
 */
public record Envelope(
        String id,
        String type,
        String source,
        @Nullable String subject,
        Instant time,
        TraceContext trace,
        @Nullable Instant deadline) {

    private static final byte[] SPEC_VERSION = "1.0".getBytes(StandardCharsets.UTF_8);
    private static final byte[] JSON = "application/json".getBytes(StandardCharsets.UTF_8);

    /** Reads the headers of a record; throws {@link PoisonException} when a required attribute is missing or no CloudEvents. */
    public static Envelope read(Headers headers) {
        if (!"1.0".equals(text(headers, "ce_specversion"))) {
            throw new PoisonException("ce_specversion is not 1.0");
        }
        return new Envelope(
                required(headers, "ce_id"),
                required(headers, "ce_type"),
                required(headers, "ce_source"),
                text(headers, "ce_subject"),
                time(required(headers, "ce_time")),
                trace(headers),
                deadline(headers));
    }

    /** Also of a record that is no CloudEvents. */
    static TraceContext trace(Headers headers) {
        return new TraceContext(text(headers, "traceparent"), text(headers, "tracestate"), text(headers, "baggage"));
    }

    /** Looked at for each record that comes. */
    static boolean isSampled(Headers headers) {
        Header header = headers.lastHeader("traceparent");
        return header != null && header.value() != null && TraceContext.isSampled(header.value());
    }

    /** The id that a record names; nothing about it is checked. */
    static @Nullable String id(Headers headers) {
        return text(headers, "ce_id");
    }

    /** The type that a record names, where it is one of these; {@code unknown} otherwise: what a record calls itself is no label. */
    static String knownType(Headers headers, MessageTypes<?> types) {
        String type = text(headers, "ce_type");
        return type != null && types.classOf(type).isPresent() ? type : "unknown";
    }

    /** The same message as part of another span's work. */
    Envelope in(TraceContext other) {
        return new Envelope(id, type, source, subject, time, other, deadline);
    }

    void write(Headers headers) {
        headers.add("ce_specversion", SPEC_VERSION);
        headers.add("content-type", JSON);
        put(headers, "ce_id", id);
        put(headers, "ce_type", type);
        put(headers, "ce_source", source);
        put(headers, "ce_subject", subject);
        put(headers, "ce_time", time.toString());
        put(headers, "traceparent", trace.traceparent());
        put(headers, "tracestate", trace.tracestate());
        put(headers, "baggage", trace.baggage());
        put(headers, "saga-deadline", deadline == null ? null : deadline.toString());
    }

    private static @Nullable Instant deadline(Headers headers) {
        String text = text(headers, "saga-deadline");
        return text == null ? null : time(text);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw new PoisonException("no RFC 3339 time: " + text);
        }
    }

    private static String required(Headers headers, String name) {
        String text = text(headers, name);
        if (text == null || text.isEmpty()) {
            throw new PoisonException("header " + name + " is missing");
        }
        return text;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
