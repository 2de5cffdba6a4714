package caravan.common.messaging;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * W3C Trace Context and Baggage as they stand in headers and in outbox rows.
 *
 * @param traceparent empty when there is no trace
 */
public record TraceContext(
        @Nullable String traceparent,
        @Nullable String tracestate,
        @Nullable String baggage) {

    public static final TraceContext NONE = new TraceContext(null, null, null);

    private static final TextMapGetter<TraceContext> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceContext carrier) {
            return List.of("traceparent", "tracestate", "baggage");
        }

        @Override
        public @Nullable String get(@Nullable TraceContext carrier, String key) {
            return carrier == null ? null : carrier.header(key);
        }
    };

    /** {@code 00-<trace id>-<span id>-<flags>}, W3C Trace Context, version 00. */
    private static final int LENGTH = 55;

    private static final int TRACE_ID_AT = 3;
    private static final int SPAN_ID_AT = 36;

    /** The context of the span that runs here now. */
    public static TraceContext current() {
        return Span.current().getSpanContext().isValid() ? of(Context.current()) : NONE;
    }

    /** What a receiver needs to continue {@code context}. */
    public static TraceContext of(Context context) {
        Map<String, String> headers = new LinkedHashMap<>();
        W3CTraceContextPropagator.getInstance().inject(context, headers, TraceContext::put);
        W3CBaggagePropagator.getInstance().inject(context, headers, TraceContext::put);
        return new TraceContext(headers.get("traceparent"), headers.get("tracestate"), headers.get("baggage"));
    }

    private static void put(@Nullable Map<String, String> headers, String key, String value) {
        if (headers != null) {
            headers.put(key, value);
        }
    }

    /** The same, for the OpenTelemetry API: the parent of a span. */
    public Context toContext() {
        Context root = W3CTraceContextPropagator.getInstance().extract(Context.root(), this, GETTER);
        return W3CBaggagePropagator.getInstance().extract(root, this, GETTER);
    }

    /** Whether whoever wrote it records its spans. */
    public boolean isSampled() {
        return traceparent != null && traceparent.length() >= LENGTH && isOdd(traceparent.charAt(LENGTH - 1));
    }

    /** The same of a header as it came. */
    static boolean isSampled(byte[] traceparent) {
        return traceparent.length >= LENGTH && isOdd((char) traceparent[LENGTH - 1]);
    }

    /** The lowest bit of the flags says "sampled". */
    private static boolean isOdd(char digit) {
        return (Character.digit(digit, 16) & 1) == 1;
    }

    /** Empty when there is no trace. */
    public Optional<String> traceId() {
        return traceparent == null || traceparent.length() < LENGTH
                ? Optional.empty()
                : Optional.of(traceparent.substring(TRACE_ID_AT, SPAN_ID_AT - 1));
    }

    /** What a link points to; invalid when there is no trace. */
    SpanContext span() {
        return Span.fromContext(toContext()).getSpanContext();
    }

    private @Nullable String header(String key) {
        return switch (key) {
            case "traceparent" -> traceparent;
            case "tracestate" -> tracestate;
            case "baggage" -> baggage;
            default -> null;
        };
    }
}
