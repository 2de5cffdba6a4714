package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;

/** One question on its way to a service, and its answer collected. Confined to the event loop that it was made on. */
final class Fetch implements Tries.Asker {

    private final Vertx vertx;
    private final Question question;
    private final Tries tries;
    private final Consumer<Fetched> then;
    private final Buffer body = Buffer.buffer();
    private long timer;
    private boolean over;

    Fetch(Vertx vertx, Question question, Tries tries, Consumer<Fetched> then) {
        this.vertx = vertx;
        this.question = question;
        this.tries = tries;
        this.then = then;
    }

    void begin() {
        long withinMs = Math.max(1, question.within().toMillis());
        timer = vertx.setTimer(
                withinMs, _ -> failed(new Fault(Fault.Kind.SILENT, "no end within " + withinMs + " ms")));
        tries.begin(this);
    }

    @Override
    public void writeHeaders(HttpClientRequest request) {
        request.headers().addAll(question.headers());
    }

    @Override
    public void answered(HttpClientResponse head) {
        if (ForeignAnswer.is(head)) {
            end(
                    new Fetched.Trouble(ForeignAnswer.problem(head.statusCode()), ForeignAnswer.DETAIL, headers(head)),
                    false);
        } else if (Relay.length(head) > question.mostBytes()) {
            end(new Fetched.TooLong(), false);
        } else {
            head.exceptionHandler(
                    e -> failed(new Fault(Fault.Kind.GARBAGE, "the answer broke off: " + e.getMessage())));
            head.handler(this::collect);
            head.endHandler(_ -> end(said(head), true));
            head.resume();
        }
    }

    @Override
    public void failed(Fault fault) {
        end(new Fetched.Failed(fault), false);
    }

    private void collect(Buffer part) {
        if (body.length() + part.length() > question.mostBytes()) {
            end(new Fetched.TooLong(), false);
        } else {
            body.appendBuffer(part);
        }
    }

    private Fetched said(HttpClientResponse head) {
        return head.statusCode() >= 400
                ? Fetched.Trouble.of(head.statusCode(), headers(head), body)
                : new Fetched.Whole(head.statusCode(), headers(head), body);
    }

    private static MultiMap headers(HttpClientResponse head) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        HeaderRules.copyResponse(head.headers(), headers);
        return headers;
    }

    /** What comes after the first end is not heard. */
    private void end(Fetched fetched, boolean whole) {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(timer);
        tries.end(whole);
        then.accept(fetched);
    }
}
