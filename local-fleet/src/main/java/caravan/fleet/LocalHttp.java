package caravan.fleet;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A small HTTP server whose handler always runs on one and the same event loop, so that its state needs no locks. */
final class LocalHttp implements AutoCloseable {
    private static final int IDLE_SECONDS = 120;
    private static final long BOUND_SECONDS = 10;

    private final String name;
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));

    LocalHttp(String name) {
        this.name = name;
    }

    /** @throws FleetException when the port is taken */
    void listen(int port, Handler<HttpServerRequest> handler) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(Sockets.LISTEN)
                .setPort(port)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false);
        try {
            vertx.createHttpServer(options)
                    .requestHandler(handler)
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new FleetException("Cannot listen on port " + port + " for " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    /** Runs the action on the event loop, at once or after a delay. */
    void later(long delayMs, Runnable action) {
        if (delayMs <= 0) {
            vertx.runOnContext(_ -> action.run());
        } else {
            vertx.setTimer(delayMs, _ -> action.run());
        }
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new FleetException("Cannot close " + name + ": " + e.getMessage(), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static void json(HttpServerRequest request, int status, JsonObject body) {
        text(request, status, "application/json", body.encode());
    }

    /** Does nothing when the client has gone. */
    static void text(HttpServerRequest request, int status, String contentType, String body) {
        if (!request.response().ended() && !request.response().closed()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", contentType + "; charset=utf-8")
                    .end(body);
        }
    }

    /** Reads a body of at most so many bytes; answers 413 to a longer one. */
    static void body(HttpServerRequest request, int limitBytes, Consumer<String> next) {
        bytes(request, limitBytes, body -> next.accept(body.toString(StandardCharsets.UTF_8)));
    }

    /** The same, for what is no text. */
    static void bytes(HttpServerRequest request, int limitBytes, Consumer<Buffer> next) {
        Buffer gathered = Buffer.buffer();
        request.handler(chunk -> {
            if (gathered.length() + chunk.length() <= limitBytes) {
                gathered.appendBuffer(chunk);
            } else if (!request.response().ended()) {
                request.response().putHeader("Connection", "close");
                json(request, 413, new JsonObject().put("status", "too-large"));
            }
        });
        request.endHandler(_ -> {
            if (!request.response().ended()) {
                next.accept(gathered);
            }
        });
    }
}
