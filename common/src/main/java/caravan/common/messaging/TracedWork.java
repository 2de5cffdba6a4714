package caravan.common.messaging;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.pgclient.PgException;

/**
 * Something that is done for a message outside of the batch it came with: a call to the outside, a timer. A span of its trace;
 * where nobody records that, nothing is made, and the message's own context travels on. Safe for use by several threads.
 */
public final class TracedWork {

    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
    private static final AttributeKey<String> SQL_STATE = AttributeKey.stringKey("db.response.status_code");

    private final Span span;
    private final TraceContext context;

    private TracedWork(Span span, TraceContext context) {
        this.span = span;
        this.context = context;
    }

    /**
     * Begins it.
     *
     * @param parent what it is done for
     */
    public static TracedWork start(Tracer tracer, SpanKind kind, String name, TraceContext parent) {
        if (!parent.isSampled()) {
            return new TracedWork(Span.getInvalid(), parent);
        }
        io.opentelemetry.context.Context above = parent.toContext();
        Span span = tracer.spanBuilder(name).setParent(above).setSpanKind(kind).startSpan();
        return new TracedWork(span, TraceContext.of(above.with(span)));
    }

    /** What goes along with whatever comes of it. */
    public TraceContext context() {
        return context;
    }

    /** Whether anybody will see what it is told; what is costly to make may be left out if not. */
    public boolean isRecording() {
        return span.isRecording();
    }

    public <T> TracedWork with(AttributeKey<T> key, T value) {
        span.setAttribute(key, value);
        return this;
    }

    /**
     * Names another span that it belongs to.
     *
     * @param why one of a few words, see {@link SpanKeys#LINK}
     */
    public TracedWork linkedTo(TraceContext other, String why) {
        if (span.isRecording()) {
            link(span, other.span(), why);
        }
        return this;
    }

    /** The span that runs here now gets a link. */
    public static void linkCurrent(TraceContext other, String why) {
        Span current = Span.current();
        if (current.isRecording()) {
            link(current, other.span(), why);
        }
    }

    public void end() {
        span.end();
    }

    public void failed(Throwable fault) {
        markFailed(span, fault);
        span.end();
    }

    /** For what failed without an exception. {@code what}: one of a few words. */
    public void failed(String what) {
        span.setStatus(StatusCode.ERROR, what);
        span.end();
    }

    static void link(Span span, SpanContext to, String why) {
        if (to.isValid()) {
            span.addLink(to, Attributes.of(SpanKeys.LINK, why));
        }
    }

    /** The class and the SQLSTATE only: messages quote what they do not like, and that may be somebody's secret. */
    static void markFailed(Span span, Throwable fault) {
        if (!span.isRecording()) {
            return;
        }
        Throwable root = Faults.root(fault);
        String type = root.getClass().getSimpleName();
        span.setStatus(StatusCode.ERROR, type);
        var event = Attributes.builder().put(EXCEPTION_TYPE, root.getClass().getName());
        if (root instanceof PgException pg && pg.getSqlState() != null) {
            event.put(SQL_STATE, pg.getSqlState());
        }
        span.addEvent("exception", event.build());
    }
}
