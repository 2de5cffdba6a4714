package caravan.common.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers a body over the limit with 413 and a problem body; Quarkus' own answer has none. A body whose length nobody
 * declared is read here, up to the limit and not for ever, since only reading shows how long it is; handlers find it in the
 * routing context. Whoever asks first who sends it has it read later: {@code caravan.http.body-first=false}, and {@link #read}.
 * Over HTTP/2 such a body is left to the handler: a stream that has been read cannot be paused any more, which handlers
 * do first. The gateway passes it on over HTTP/1.1, chunked, and so it meets its limit at the service.
 */
@Singleton
public class BodyLimit {

    /** Before Quarkus' own check, whose route has the order -2. */
    private static final int PRIORITY = 100;

    /** A client that is still sending does not listen: so much is read and forgotten before it is cut off. */
    private static final int PATIENCE = 16;

    private final long limit;
    private final boolean first;
    private final Duration within;

    /** @param within for a body of which nobody has said how long it is: 256 KiB over a bad line, and no more patience */
    BodyLimit(
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "256K") MemorySize limit,
            @ConfigProperty(name = "caravan.http.body-first", defaultValue = "true") boolean first,
            @ConfigProperty(name = "caravan.http.body-within", defaultValue = "30s") Duration within) {
        this.limit = limit.asLongValue();
        this.first = first;
        this.within = within;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (declared != null) {
            checkDeclared(context, declared);
        } else if (isUndeclared(request)) {
            hurry(context);
            if (first) {
                collect(context, context::next);
            } else {
                context.next();
            }
        } else {
            context.next();
        }
    }

    /**
     * Goes on when the body has come, if nobody has declared how long it is, and at once if somebody has; or answers. On the
     * event loop of the request.
     */
    public void read(RoutingContext context, Runnable then) {
        if (isUndeclared(context.request())) {
            collect(context, then);
        } else {
            then.run();
        }
    }

    private static boolean isUndeclared(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    private void checkDeclared(RoutingContext context, String declared) {
        long length;
        try {
            length = Long.parseLong(declared);
        } catch (NumberFormatException _) {
            ProblemAnswer.send(context, ProblemType.BAD_REQUEST, "Content-Length is no number");
            return;
        }
        boolean waits = context.request().headers().contains(HttpHeaders.EXPECT);
        if (length <= limit) {
            context.next();
        } else if (length > limit * PATIENCE || waits) {
            cutOff(context);
        } else {
            hurry(context);
            forget(context, 0);
        }
    }

    private void collect(RoutingContext context, Runnable then) {
        Buffer body = Buffer.buffer();
        HttpServerRequest request = context.request();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > limit) {
                forget(context, body.length() + chunk.length());
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(_ -> request.connection().close());
        request.endHandler(_ -> {
            ((RoutingContextInternal) context).setBody(body);
            then.run();
        });
        request.resume();
    }

    /** Reads the rest, which nobody wants, so that the client comes to read the answer. */
    private void forget(RoutingContext context, long already) {
        HttpServerRequest request = context.request();
        long[] read = {already};
        request.handler(chunk -> {
            read[0] += chunk.length();
            if (read[0] > limit * PATIENCE) {
                ignore(request);
                cutOff(context);
            }
        });
        request.exceptionHandler(_ -> request.connection().close());
        request.endHandler(_ -> refuse(context));
        request.resume();
    }

    /** Who sends a byte now and then would keep a connection for ever, and what was read, whether it is wanted or not. */
    private void hurry(RoutingContext context) {
        HttpServerRequest request = context.request();
        long timer = context.vertx().setTimer(within.toMillis(), _ -> {
            if (!request.isEnded()) {
                ignore(request);
                giveUp(context);
            }
        });
        context.addEndHandler(_ -> {
            if (request.isEnded()) {
                context.vertx().cancelTimer(timer);
            }
        });
    }

    private static void ignore(HttpServerRequest request) {
        request.handler(_ -> {});
        request.endHandler(_ -> {});
    }

    private void giveUp(RoutingContext context) {
        if (context.response().headWritten()) {
            context.request().connection().close();
        } else {
            LastAnswers.closeAfterwards(context);
            ProblemAnswer.send(context, ProblemType.BAD_REQUEST, "the body did not come within " + within);
        }
    }

    private void cutOff(RoutingContext context) {
        LastAnswers.closeAfterwards(context);
        refuse(context);
    }

    private void refuse(RoutingContext context) {
        ProblemAnswer.send(context, ProblemType.BODY_TOO_LARGE, "at most " + limit + " bytes");
    }
}
