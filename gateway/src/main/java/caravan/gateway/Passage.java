package caravan.gateway;

import caravan.common.http.Problem;
import caravan.common.http.ProblemAnswer;
import caravan.common.http.ProblemType;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One request on its way to a downstream and back. Whatever fails on the way comes back as a problem body. */
final class Passage implements ProxyInterceptor {

    private static final Logger LOG = Logger.getLogger(Passage.class);

    private static final List<String> TRACE = List.of("traceparent", "tracestate", "baggage");

    private final RoutingContext routing;
    private final Downstream downstream;
    private final Duration retryAfter;

    Passage(RoutingContext routing, Downstream downstream, Duration retryAfter) {
        this.routing = routing;
        this.downstream = downstream;
        this.retryAfter = retryAfter;
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        ProxyRequest request = context.request();
        HeaderRules.strip(request.headers());
        if (Span.current().getSpanContext().isValid()) {
            // The client's span becomes the parent of a span here, whose headers the tracer adds.
            TRACE.forEach(request.headers()::remove);
        }
        request.setURI(uri());
        Buffer collected = routing.body() == null ? null : routing.body().buffer();
        if (collected != null) {
            request.setBody(Body.body(collected));
        }
        return context.sendRequest().recover(fault -> {
            LOG.infof("%s failed: %s", downstream.name(), fault);
            return Future.succeededFuture(problem(request.release().response(), DownstreamFault.problem(fault)));
        });
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        ProxyResponse response = context.response();
        response.headers().remove(HeaderRules.REQUEST_ID);
        int status = response.getStatusCode();
        if (status == 204 || status == 304) {
            // No body, and no chunked encoding of none.
            response.setBody(null);
        } else if (status >= 400 && !isProblem(response.headers().get(HttpHeaders.CONTENT_TYPE))) {
            LOG.infof("%s answered %d without a problem", downstream.name(), status);
            response.release();
            return problem(response.request().response(), DownstreamFault.problem(status))
                    .send();
        }
        return context.sendResponse();
    }

    /** The path as it was routed by: what the gateway decides on is what the downstream sees. */
    private String uri() {
        String query = routing.request().query();
        return query == null ? routing.normalizedPath() : routing.normalizedPath() + "?" + query;
    }

    private ProxyResponse problem(ProxyResponse response, ProblemType type) {
        Buffer body = ProblemAnswer.body(routing, type, "the " + downstream.name() + " service gave no answer");
        response.setStatusCode(type.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .setBody(Body.body(body));
        if (type == ProblemType.TEMPORARY_REDUCED_CAPACITY) {
            response.putHeader(HttpHeaders.RETRY_AFTER, ProblemAnswer.seconds(retryAfter));
        }
        return response;
    }

    private static boolean isProblem(@Nullable String contentType) {
        return contentType != null && contentType.startsWith(Problem.MEDIA_TYPE);
    }
}
