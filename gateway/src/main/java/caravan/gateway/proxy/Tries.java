package caravan.gateway.proxy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The way to the head of an answer: waits for a place, tries, perhaps again. Confined to the event loop that it was made on
 * once it has begun. Whoever wants the answer ends it: until then it keeps its place.
 */
final class Tries {

    /** Who wants the answer. Told one of the two, unless it has ended the tries before. */
    interface Asker {

        /** Before each try. */
        void writeHeaders(HttpClientRequest request);

        /** Its body is still to come. */
        void answered(HttpClientResponse head);

        void failed(Fault fault);
    }

    /** What requests of one kind to one service share. */
    record Lane(Target target, Downstream downstream, Places places, Guard guard) {}

    /** Bounds in milliseconds. */
    record Bounds(long deadline, long patience, long upload, long answer) {}

    private final Vertx vertx;
    private final Context home;
    private final Lane lane;
    private final Outbound outbound;
    private final RetryRules retries;
    private final Bounds bounds;
    private final boolean repeatable;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final long askedAt = System.nanoTime();
    private @Nullable Attempt attempt;
    private boolean ended;

    /** @param hasKey the service knows a second request from the first */
    Tries(Vertx vertx, Lane lane, Outbound outbound, RetryRules retries, Bounds bounds, boolean hasKey) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.lane = lane;
        this.outbound = outbound;
        this.retries = retries;
        this.bounds = bounds;
        this.repeatable = RetryRules.isSafe(outbound.method(), hasKey, outbound.upload());
    }

    void begin(Asker asker) {
        lane.places().take(() -> enter(asker)).whenComplete((_, thrown) -> {
            if (thrown != null) {
                home.runOnContext(_ -> fail(asker, Fault.of(thrown)));
            }
        });
    }

    /** The answer is out or nobody wants it any more: the place is free. */
    void end(boolean whole) {
        ended = true;
        if (!whole && attempt != null) {
            attempt.cancel();
        }
        over.complete(null);
    }

    /** The answer is not wanted, or not to the end. */
    void drop() {
        if (attempt != null) {
            attempt.drop();
        }
    }

    /** There is a place. It is kept until the stage completes. */
    private CompletionStage<Void> enter(Asker asker) {
        if (home.equals(Vertx.currentContext())) {
            start(asker);
        } else {
            home.runOnContext(_ -> start(asker));
        }
        return over;
    }

    private void start(Asker asker) {
        if (ended) {
            over.complete(null);
        } else if (elapsedMs() > bounds.patience()) {
            fail(asker, new Fault(Fault.Kind.FULL, "waited for a place for " + elapsedMs() + " ms"));
        } else {
            lane.guard().earnRetries();
            tryOnce(asker, 1);
        }
    }

    private void tryOnce(Asker asker, int tries) {
        Attempt now = new Attempt(vertx, bounds.deadline());
        attempt = now;
        lane.guard()
                .call(() -> now.start(lane.downstream(), outbound, asker::writeHeaders, bounds.upload()))
                .whenComplete((head, thrown) -> tried(asker, tries, head, thrown));
    }

    private void tried(Asker asker, int tries, HttpClientResponse head, @Nullable Throwable thrown) {
        if (thrown != null) {
            missed(asker, tries, Fault.of(thrown));
        } else if (ended) {
            drop();
        } else {
            asker.answered(head);
        }
    }

    private void missed(Asker asker, int tries, Fault fault) {
        if (!ended && mayTryAgain(tries, fault)) {
            vertx.setTimer(
                    Math.max(1, retries.delayMs(tries, ThreadLocalRandom.current())), _ -> again(asker, tries + 1));
        } else {
            fail(asker, fault);
        }
    }

    private boolean mayTryAgain(int tries, Fault fault) {
        return retries.allow(tries, fault.kind())
                && elapsedMs() < bounds.deadline()
                && repeatable
                && lane.guard().spendRetry();
    }

    private void again(Asker asker, int tries) {
        if (!ended) {
            tryOnce(asker, tries);
        }
    }

    private void fail(Asker asker, Fault fault) {
        if (ended) {
            over.complete(null);
        } else {
            asker.failed(fault);
        }
    }

    private long elapsedMs() {
        return (System.nanoTime() - askedAt) / 1_000_000;
    }
}
