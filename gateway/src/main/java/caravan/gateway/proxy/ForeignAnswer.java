package caravan.gateway.proxy;

import caravan.common.http.Problem;
import caravan.common.http.ProblemType;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Services write problem bodies: an error without one was written by a server or a proxy in between, and nobody sees it. */
final class ForeignAnswer {

    static final String DETAIL = "the service says no more";

    private ForeignAnswer() {}

    static boolean is(HttpClientResponse answer) {
        return answer.statusCode() >= 400 && !isProblem(answer.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /**
     * Also for the breaker. A 5xx with a problem body is no reason to open it: a 503 is a service that is alive and asks
     * for patience, and a 500 is a bug in one route, with which one caller could otherwise shut out all others.
     */
    static boolean isGarbage(HttpClientResponse answer) {
        return answer.statusCode() >= 500 && is(answer);
    }

    /** What its status stands for. */
    static ProblemType problem(int status) {
        return switch (status) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.BODY_TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 431 -> ProblemType.HEADERS_TOO_LARGE;
            default -> ProblemType.BAD_REQUEST;
        };
    }

    private static boolean isProblem(@Nullable String contentType) {
        return contentType != null && contentType.startsWith(Problem.MEDIA_TYPE);
    }
}
