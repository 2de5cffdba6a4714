package caravan.common.http;

import caravan.common.cache.BusyException;
import caravan.common.http.Problem.FieldError;
import caravan.common.messaging.Batcher;
import caravan.common.messaging.Faults;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Every way a request can fail, as a problem body. No stack trace leaves the process. Methods are public because the classes
 * that Quarkus generates to call them may have another class loader.
 */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** What starts anew here is back within this time. */
    private static final Duration SOON = Duration.ofSeconds(1);

    @ServerExceptionMapper
    public Response map(ProblemException e, RoutingContext request) {
        return response(e.type(), e.getMessage(), e.errors(), e.retryAfter(), request);
    }

    @ServerExceptionMapper
    public Response map(Batcher.FullException e, RoutingContext request) {
        return response(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON, request);
    }

    @ServerExceptionMapper
    public Response map(BusyException e, RoutingContext request) {
        return response(
                ProblemType.TEMPORARY_REDUCED_CAPACITY, e.getMessage(), List.of(), Duration.ofSeconds(1), request);
    }

    @ServerExceptionMapper
    public Response map(JsonProcessingException e, RoutingContext request) {
        return e instanceof JsonMappingException mapping
                ? response(ProblemType.INVALID_REQUEST, "the body does not fit", List.of(error(mapping)), null, request)
                : response(ProblemType.MALFORMED_BODY, "the body is no JSON", List.of(), null, request);
    }

    /** Quarkus has a mapper of its own for just this class, and the nearest class wins. */
    @ServerExceptionMapper
    public Response map(MismatchedInputException e, RoutingContext request) {
        return map((JsonProcessingException) e, request);
    }

    @ServerExceptionMapper
    public Response map(WebApplicationException e, RoutingContext request) {
        if (e.getCause() instanceof JsonProcessingException json) {
            return map(json, request);
        }
        int status = e.getResponse().getStatus();
        return response(typeOf(status), "HTTP status " + status, List.of(), null, request);
    }

    /** A database, pooler or broker that is away for a moment is no defect: nobody has to look, and who asks again is served. */
    @ServerExceptionMapper
    public Response map(Throwable e, RoutingContext request) {
        if (Faults.passes(e)) {
            LOG.warnf(
                    "%s %s must wait for the surroundings: %s",
                    request.request().method(), request.normalizedPath(), Faults.describe(e));
            return response(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON, request);
        }
        LOG.errorf(e, "%s %s failed", request.request().method(), request.normalizedPath());
        return response(ProblemType.INTERNAL_ERROR, "the fault is logged", List.of(), null, request);
    }

    private static ProblemType typeOf(int status) {
        return switch (status) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.BODY_TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 503 -> ProblemType.TEMPORARY_REDUCED_CAPACITY;
            default -> status < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        };
    }

    private static FieldError error(JsonMappingException e) {
        String pointer = e.getPath().stream()
                .map(part -> "/" + (part.getFieldName() == null ? part.getIndex() : part.getFieldName()))
                .collect(Collectors.joining());
        String message = e instanceof UnrecognizedPropertyException ? "unknown field" : "wrong type or missing value";
        return new FieldError(pointer, message);
    }

    private static Response response(
            ProblemType type,
            @Nullable String detail,
            List<FieldError> errors,
            @Nullable Duration retryAfter,
            RoutingContext request) {
        Problem body = ProblemAnswer.problem(request, type, detail, errors);
        Response.ResponseBuilder response =
                Response.status(type.status()).type(Problem.MEDIA_TYPE).entity(body);
        ProblemAnswer.challenge(type).ifPresent(value -> response.header("WWW-Authenticate", value));
        if (retryAfter != null) {
            response.header("Retry-After", ProblemAnswer.seconds(retryAfter));
        }
        return response.build();
    }
}
