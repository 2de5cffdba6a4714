package caravan.gateway.proxy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;

/** The body of a request. */
sealed interface Upload {

    /** Larger ones are not held, so that they cannot be sent again. */
    int MOST_HELD = 64 * 1024;

    /** Completes when all of it is on its way. */
    Future<Void> sendTo(HttpClientRequest request);

    boolean canBeSentAgain();

    record Nothing() implements Upload {
        @Override
        public Future<Void> sendTo(HttpClientRequest request) {
            return request.end();
        }

        @Override
        public boolean canBeSentAgain() {
            return true;
        }
    }

    record Held(Buffer body) implements Upload {
        @Override
        public Future<Void> sendTo(HttpClientRequest request) {
            return request.end(body);
        }

        @Override
        public boolean canBeSentAgain() {
            return body.length() <= MOST_HELD;
        }
    }

    /** Still with the client, in part. {@code length} is declared, and held against it by the server's codec. */
    record Flowing(io.vertx.core.http.HttpServerRequest source, String length) implements Upload {
        @Override
        public Future<Void> sendTo(HttpClientRequest request) {
            request.putHeader(io.vertx.core.http.HttpHeaders.CONTENT_LENGTH, length);
            return source.pipe().endOnFailure(false).to(request);
        }

        @Override
        public boolean canBeSentAgain() {
            return false;
        }
    }
}
