package caravan.gateway.proxy;

import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One try to get the head of an answer. Confined to the event loop of its request. */
final class Attempt {

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final long deadlineMs;
    private final CompletableFuture<HttpClientResponse> head = new CompletableFuture<>();
    private @Nullable HttpClientRequest upstream;
    private @Nullable Hop hop;
    private long timer = NO_TIMER;

    Attempt(Vertx vertx, long deadlineMs) {
        this.vertx = vertx;
        this.deadlineMs = deadlineMs;
    }

    /** @param uploadMs for a body that is still on its way to us; the deadline begins when all of it is sent */
    CompletionStage<HttpClientResponse> start(
            Downstream downstream, Outbound outbound, Consumer<HttpClientRequest> headers, long uploadMs) {
        Hop begun = downstream.hop(outbound.method());
        hop = begun;
        downstream
                .request(outbound.method(), outbound.uri())
                .onComplete(connection -> connected(
                        connection, outbound.upload(), headers.andThen(to -> begun.write(to.headers())), uploadMs));
        return head;
    }

    /** Nobody waits for it any more. */
    void cancel() {
        fail(new Fault(Fault.Kind.CLIENT_GONE, "the client has gone"));
        drop();
    }

    /** The answer is not wanted, or not to the end. */
    void drop() {
        if (upstream != null) {
            upstream.reset();
        }
    }

    private void connected(
            AsyncResult<HttpClientRequest> connection,
            Upload upload,
            Consumer<HttpClientRequest> headers,
            long uploadMs) {
        if (connection.failed()) {
            fail(new Fault(Fault.Kind.UNREACHABLE, connection.cause().getMessage()));
            return;
        }
        upstream = connection.result();
        if (head.isDone()) {
            drop();
            return;
        }
        headers.accept(upstream);
        upstream.response().onComplete(this::answered);
        send(upstream, upload, uploadMs);
    }

    private void send(HttpClientRequest request, Upload upload, long uploadMs) {
        if (upload instanceof Upload.Flowing) {
            giveUpAfter(uploadMs, Fault.Kind.CLIENT_SLOW);
            upload.sendTo(request).onComplete(sent -> sent(sent.succeeded()));
        } else {
            giveUpAfter(deadlineMs, Fault.Kind.SILENT);
            upload.sendTo(request);
        }
    }

    private void sent(boolean whole) {
        if (head.isDone()) {
            return;
        }
        if (whole) {
            giveUpAfter(deadlineMs, Fault.Kind.SILENT);
        }
        // Otherwise the client has gone or the connection broke; both say so themselves.
    }

    private void answered(AsyncResult<HttpClientResponse> answer) {
        if (answer.failed()) {
            fail(Fault.of(answer.cause()));
            return;
        }
        // Whoever relays it sets a better one; without any, to drop an answer is logged as an error.
        answer.result().exceptionHandler(_ -> {});
        if (ForeignAnswer.isGarbage(answer.result())) {
            fail(new Fault(Fault.Kind.GARBAGE, answer.result().statusCode() + " without a problem body"));
            drop();
        } else {
            stopTimer();
            if (hop != null) {
                hop.answered(answer.result().statusCode());
            }
            // Whoever gets it may come a turn of the event loop later.
            answer.result().pause();
            head.complete(answer.result());
        }
    }

    private void giveUpAfter(long millis, Fault.Kind kind) {
        stopTimer();
        timer = vertx.setTimer(millis, _ -> {
            fail(new Fault(kind, "nothing for " + millis + " ms"));
            drop();
        });
    }

    private void fail(Fault fault) {
        stopTimer();
        if (hop != null && !head.isDone()) {
            hop.failed(fault.kind());
        }
        head.completeExceptionally(fault);
    }

    private void stopTimer() {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
            timer = NO_TIMER;
        }
    }
}
