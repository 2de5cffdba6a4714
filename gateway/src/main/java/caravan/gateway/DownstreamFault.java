package caravan.gateway;

import caravan.common.http.ProblemType;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** What to tell a client when a downstream failed. */
final class DownstreamFault {

    private DownstreamFault() {}

    static ProblemType problem(Throwable fault) {
        return switch (fault) {
            case Downstream.UnreachableException _ -> ProblemType.TEMPORARY_REDUCED_CAPACITY;
            case TimeoutException _ -> ProblemType.GATEWAY_TIMEOUT;
            // The connection broke: the service is restarting. A write is safe to repeat under its Idempotency-Key.
            case HttpClosedException _, StreamResetException _, IOException _ -> ProblemType.TEMPORARY_REDUCED_CAPACITY;
            default -> ProblemType.BAD_GATEWAY;
        };
    }

    /** What an answer without a problem body stands for: services write problems, so a proxy or a server spoke. */
    static ProblemType problem(int status) {
        return switch (status) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.BODY_TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 431 -> ProblemType.HEADERS_TOO_LARGE;
            case 503 -> ProblemType.TEMPORARY_REDUCED_CAPACITY;
            default -> status < 500 ? ProblemType.BAD_REQUEST : ProblemType.BAD_GATEWAY;
        };
    }
}
