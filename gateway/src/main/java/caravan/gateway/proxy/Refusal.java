package caravan.gateway.proxy;

import caravan.common.http.LastAnswers;
import caravan.common.http.ProblemAnswer;
import caravan.common.http.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Answers a request that goes no further. */
public final class Refusal {

    private Refusal() {}

    public static void send(RoutingContext context, ProblemType type, String detail) {
        leaveBody(context);
        ProblemAnswer.send(context, type, detail);
    }

    /** A body that nobody reads would hold up the next request of the connection. */
    public static void leaveBody(RoutingContext context) {
        if (!context.request().isEnded()) {
            context.request().resume();
        }
    }

    public static void send(RoutingContext context, ProblemType type, String detail, Duration retryAfter) {
        if (!context.response().headWritten()) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, ProblemAnswer.seconds(retryAfter));
        }
        send(context, type, detail);
    }

    /** For a request whose end nobody can tell: what comes after it on its connection is not read. */
    static void sendAndClose(RoutingContext context, ProblemType type, String detail) {
        LastAnswers.closeAfterwards(context);
        send(context, type, detail);
    }
}
