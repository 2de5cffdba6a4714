package caravan.gateway.proxy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

/**
 * The span of one try at a service: child of the request's, parent of the service's. Until the head of the answer, like the
 * deadline. Where nobody records the request there is none, and the request's own context goes on.
 */
final class Hop {

    private static final CharSequence TRACE_PARENT = HttpHeaders.createOptimized("traceparent");

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private final Span span;
    private final boolean own;

    private Hop(Span span, boolean own) {
        this.span = span;
        this.own = own;
    }

    /** On the context of the request. */
    static Hop begin(Tracer tracer, HttpMethod method, String service) {
        Span request = Span.current();
        if (!request.getSpanContext().isSampled()) {
            return new Hop(request, false);
        }
        Span span = tracer.spanBuilder(method.name() + " " + service)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(METHOD, method.name())
                .setAttribute(PEER, service)
                .startSpan();
        return new Hop(span, true);
    }

    /** Instead of what the client sent. */
    void write(MultiMap headers) {
        SpanContext context = span.getSpanContext();
        if (context.isValid()) {
            headers.set(
                    TRACE_PARENT,
                    "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                            + context.getTraceFlags().asHex());
        }
    }

    void answered(int status) {
        if (own) {
            span.setAttribute(STATUS, (long) status);
            if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        }
    }

    void failed(Fault.Kind kind) {
        if (own) {
            span.setAttribute(ERROR_TYPE, kind.name()).setStatus(StatusCode.ERROR, kind.name());
            span.end();
        }
    }
}
