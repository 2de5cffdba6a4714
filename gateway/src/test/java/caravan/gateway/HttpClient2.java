package caravan.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Speaks HTTP/2 without an upgrade and sends bodies without saying how long they are. */
record HttpClient2(HttpClient client, int port, String authorization) {

    String post(String path, int chunks, int size) {
        return result(client.request(HttpMethod.POST, port, "localhost", path)
                .compose(request -> {
                    request.setChunked(true).putHeader("Authorization", authorization);
                    for (int i = 0; i < chunks; i++) {
                        request.write(Buffer.buffer("x".repeat(size)));
                    }
                    request.end();
                    return request.response().compose(HttpClientResponse::body);
                })
                .map(Buffer::toString));
    }

    private static <T> T result(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
