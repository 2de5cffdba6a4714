package caravan.common.messaging;

import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Where the parts of {@code traceparent} begin. */
    private static final int TRACE_ID = 3;

    private static final int SPAN_ID = 36;
    private static final int FLAGS_LOW = 54;

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

    /** Whether somebody keeps the spans of this trace: the lowest bit of the flags (W3C Trace Context, 3.2.2.5). */
    boolean isSampled() {
        String whole = whole();
        return whole != null && Character.digit(whole.charAt(FLAGS_LOW), 16) % 2 == 1;
    }

    /** For log lines. */
    public @Nullable String traceId() {
        String whole = whole();
        return whole == null ? null : whole.substring(TRACE_ID, SPAN_ID - 1);
    }

    /** Of the span that said it; for log lines. */
    public @Nullable String spanId() {
        String whole = whole();
        return whole == null ? null : whole.substring(SPAN_ID, FLAGS_LOW - 2);
    }

    private @Nullable String whole() {
        return traceparent != null && traceparent.length() > FLAGS_LOW ? traceparent : null;
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
