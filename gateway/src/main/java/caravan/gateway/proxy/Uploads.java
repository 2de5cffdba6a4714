package caravan.gateway.proxy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Takes bodies from clients. A small one is read to its end before it costs a service anything: somebody with a bad line,
 * or bad intentions, takes no place in a bulkhead.
 */
final class Uploads {

    /** The body is longer than it may be. */
    static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLargeException(long limit) {
            super("at most " + limit + " bytes", null, false, false);
        }
    }

    private static final Upload NOTHING = new Upload.Nothing();

    private final Vertx vertx;
    private final long limit;
    private final Duration within;

    Uploads(Vertx vertx, long limit, Duration within) {
        this.vertx = vertx;
        this.limit = limit;
        this.within = within;
    }

    Future<Upload> take(RoutingContext context) {
        Buffer collected = context.body() == null ? null : context.body().buffer();
        if (collected != null) {
            return Future.succeededFuture(held(collected));
        }
        HttpServerRequest request = context.request();
        if (request.isEnded()) {
            return Future.succeededFuture(NOTHING);
        }
        String declared = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        if (declared != null) {
            return declared(request, declared);
        }
        if (request.version() == HttpVersion.HTTP_2) {
            // No length and not at its end: there may be a body, and only reading tells.
            return collect(request);
        }
        request.resume();
        return Future.succeededFuture(NOTHING);
    }

    private Future<Upload> declared(HttpServerRequest request, String declared) {
        return Long.parseLong(declared) > Upload.MOST_HELD
                ? Future.succeededFuture(new Upload.Flowing(request, declared))
                : collect(request);
    }

    private Future<Upload> collect(HttpServerRequest request) {
        Promise<Upload> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= limit) {
                body.appendBuffer(chunk);
            } else {
                whole.tryFail(new TooLargeException(limit));
            }
        });
        request.exceptionHandler(e -> whole.tryFail(new Fault(Fault.Kind.CLIENT_GONE, e.getMessage())));
        long timer = vertx.setTimer(
                within.toMillis(),
                _ -> whole.tryFail(new Fault(Fault.Kind.CLIENT_SLOW, "the body did not come within " + within)));
        request.endHandler(_ -> whole.tryComplete(held(body)));
        request.resume();
        return whole.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    private static Upload held(Buffer body) {
        return body.length() == 0 ? NOTHING : new Upload.Held(body);
    }
}
