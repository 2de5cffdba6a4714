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
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers a body over the limit with 413 and a problem body; Quarkus' own answer has none. A body whose length nobody
 * declared is read here, up to the limit, since only reading shows how long it is; handlers find it in the routing context.
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

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "256K") MemorySize limit) {
        this.limit = limit.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (declared != null) {
            checkDeclared(context, declared);
        } else if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
            collect(context);
        } else {
            context.next();
        }
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
            forget(context, 0);
        }
    }

    private void collect(RoutingContext context) {
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
            context.next();
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
                request.handler(_ -> {});
                request.endHandler(_ -> {});
                cutOff(context);
            }
        });
        request.exceptionHandler(_ -> request.connection().close());
        request.endHandler(_ -> refuse(context));
        request.resume();
    }

    private void cutOff(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CONNECTION, "close");
        context.response().endHandler(_ -> context.request().connection().close());
        refuse(context);
    }

    private void refuse(RoutingContext context) {
        ProblemAnswer.send(context, ProblemType.BODY_TOO_LARGE, "at most " + limit + " bytes");
    }
}
