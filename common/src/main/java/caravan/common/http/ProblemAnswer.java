package caravan.common.http;

import caravan.common.messaging.Json;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Problem bodies outside of resources, where no exception mapper is near. */
public final class ProblemAnswer {

    private ProblemAnswer() {}

    /** The problem as this request sees it: its path, its id, its trace. */
    public static Problem problem(
            RoutingContext request, ProblemType type, @Nullable String detail, List<Problem.FieldError> errors) {
        SpanContext span = Span.current().getSpanContext();
        return Problem.of(
                type,
                detail,
                request.normalizedPath(),
                request.request().getHeader("X-Request-Id"),
                span.isValid() ? span.getTraceId() : null,
                errors);
    }

    /** The same as bytes. */
    public static Buffer body(RoutingContext request, ProblemType type, String detail) {
        return Buffer.buffer(Json.bytes(problem(request, type, detail, List.of())));
    }

    /** Ends the response; does nothing when it has begun already. */
    public static void send(RoutingContext request, ProblemType type, String detail) {
        if (!request.response().headWritten()) {
            challenge(type).ifPresent(value -> request.response().putHeader("WWW-Authenticate", value));
            request.response()
                    .setStatusCode(type.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(body(request, type, detail));
        }
    }

    /** {@code WWW-Authenticate} of an answer that asks for a better token (RFC 6750, section 3). */
    public static Optional<String> challenge(ProblemType type) {
        return switch (type) {
            case UNAUTHENTICATED -> Optional.of("Bearer realm=\"caravan\", error=\"invalid_token\"");
            case INSUFFICIENT_SCOPE -> Optional.of("Bearer realm=\"caravan\", error=\"insufficient_scope\"");
            default -> Optional.empty();
        };
    }

    /** Whole seconds, at least one: {@code Retry-After}. */
    public static String seconds(Duration wait) {
        return Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000));
    }
}
