package caravan.gateway.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** An answer on its way to the client. */
final class Relay {

    /** Up to here an answer is collected and leaves in one piece: half the packets, and a broken one can still be a 502. */
    private static final long MOST_COLLECTED = 64 * 1024;

    private Relay() {}

    /** @param broken called when the service breaks off */
    static void start(RoutingContext context, HttpClientResponse from, boolean streaming, Consumer<Throwable> broken) {
        HttpServerResponse to = context.response();
        long length = length(from);
        if (hasNoBody(context.request().method(), from.statusCode())) {
            writeHead(from, to);
            if (from.statusCode() == 204 || from.statusCode() == 304) {
                to.headers().remove(HttpHeaders.CONTENT_LENGTH);
            }
            from.resume();
            to.end();
        } else if (length >= 0 && length <= MOST_COLLECTED && !streaming) {
            collect(from, to, broken);
        } else {
            stream(from, to, length < 0, streaming, broken);
        }
    }

    private static void collect(HttpClientResponse from, HttpServerResponse to, Consumer<Throwable> broken) {
        from.body().onComplete(body -> {
            if (body.failed()) {
                broken.accept(body.cause());
            } else if (!to.ended() && !to.closed()) {
                writeHead(from, to);
                to.end(body.result());
            }
        });
        from.resume();
    }

    private static void stream(
            HttpClientResponse from,
            HttpServerResponse to,
            boolean chunked,
            boolean headFirst,
            Consumer<Throwable> broken) {
        writeHead(from, to);
        to.setChunked(chunked);
        if (headFirst) {
            // The client shall know that it is listening before the first event comes.
            to.write(Buffer.buffer());
        }
        from.pipe().endOnFailure(false).to(to).onFailure(broken::accept);
    }

    private static void writeHead(HttpClientResponse from, HttpServerResponse to) {
        to.setStatusCode(from.statusCode());
        HeaderRules.copyResponse(from.headers(), to.headers());
    }

    private static boolean hasNoBody(HttpMethod method, int status) {
        return HttpMethod.HEAD.equals(method) || status == 204 || status == 304;
    }

    /** The codec has read it already: a length that is none never comes this far. */
    static long length(HttpClientResponse from) {
        String declared = from.getHeader(HttpHeaders.CONTENT_LENGTH);
        return declared == null ? -1 : Long.parseLong(declared);
    }
}
