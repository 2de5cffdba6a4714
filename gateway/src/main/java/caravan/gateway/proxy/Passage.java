package caravan.gateway.proxy;

import caravan.common.http.ProblemType;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a service and back: it waits for its place, tries, perhaps again, and relays the answer or says
 * why there is none. Confined to the event loop of its request once it has begun.
 */
final class Passage {

    private static final Logger LOG = Logger.getLogger(Passage.class);

    /** What requests of one kind to one service share. */
    record Lane(Target target, Downstream downstream, Places places, Guard guard) {}

    /** Bounds in milliseconds. */
    record Bounds(long deadline, long patience, long upload, long answer) {}

    private final Vertx vertx;
    private final Context home;
    private final RoutingContext context;
    private final Route route;
    private final Lane lane;
    private final Outbound outbound;
    private final RetryRules retries;
    private final Bounds bounds;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final long askedAt = System.nanoTime();
    private @Nullable Attempt attempt;
    private boolean ended;

    Passage(
            Vertx vertx,
            RoutingContext context,
            Route route,
            Lane lane,
            Outbound outbound,
            RetryRules retries,
            Bounds bounds) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.context = context;
        this.route = route;
        this.lane = lane;
        this.outbound = outbound;
        this.retries = retries;
        this.bounds = bounds;
    }

    void begin() {
        context.addEndHandler(this::ended);
        lane.places().take(this::enter).whenComplete((_, thrown) -> {
            if (thrown != null) {
                home.runOnContext(_ -> refuse(Fault.of(thrown)));
            }
        });
    }

    /** There is a place. It is kept until the stage completes. */
    private CompletionStage<Void> enter() {
        if (home.equals(Vertx.currentContext())) {
            start();
        } else {
            home.runOnContext(_ -> start());
        }
        return over;
    }

    private void start() {
        if (ended) {
            over.complete(null);
        } else if (elapsedMs() > bounds.patience()) {
            refuse(new Fault(Fault.Kind.FULL, "waited for a place for " + elapsedMs() + " ms"));
        } else {
            lane.guard().earnRetries();
            tryOnce(1);
        }
    }

    private void tryOnce(int tries) {
        Attempt now = new Attempt(vertx, bounds.deadline());
        attempt = now;
        lane.guard()
                .call(() -> now.start(lane.downstream(), outbound, this::writeHeaders, bounds.upload()))
                .whenComplete((head, thrown) -> tried(tries, head, thrown));
    }

    private void tried(int tries, HttpClientResponse head, @Nullable Throwable thrown) {
        if (thrown == null) {
            relay(head);
        } else {
            failed(tries, Fault.of(thrown));
        }
    }

    private void writeHeaders(HttpClientRequest request) {
        HeaderRules.copyRequest(context.request().headers(), request.headers());
        outbound.origin().write(request.headers());
        request.putHeader(HeaderRules.REQUEST_ID, context.request().getHeader(HeaderRules.REQUEST_ID));
    }

    private void failed(int tries, Fault fault) {
        if (ended) {
            return;
        }
        if (mayTryAgain(tries, fault)) {
            vertx.setTimer(Math.max(1, retries.delayMs(tries, ThreadLocalRandom.current())), _ -> again(tries + 1));
        } else {
            refuse(fault);
        }
    }

    private boolean mayTryAgain(int tries, Fault fault) {
        boolean hasKey = context.request().headers().contains("Idempotency-Key");
        return retries.allow(tries, fault.kind())
                && elapsedMs() < bounds.deadline()
                && RetryRules.isSafe(outbound.method(), hasKey, outbound.upload())
                && lane.guard().spendRetry();
    }

    private void again(int tries) {
        if (!ended) {
            tryOnce(tries);
        }
    }

    private void relay(HttpClientResponse head) {
        if (ended) {
            drop();
        } else if (ForeignAnswer.is(head)) {
            LOG.infof("%s answered %d without a problem body", lane.target().label(), head.statusCode());
            drop();
            Refusal.send(context, ForeignAnswer.problem(head.statusCode()), "the service says no more");
        } else {
            limitAnswer();
            Relay.start(context, head, route.traits().streaming(), this::broken);
        }
    }

    private void limitAnswer() {
        if (!route.traits().streaming()) {
            long timer =
                    vertx.setTimer(bounds.answer(), _ -> broken(new Fault(Fault.Kind.SILENT, "no end of the answer")));
            context.addEndHandler(_ -> vertx.cancelTimer(timer));
        }
    }

    /** The answer broke off. What has begun must not look as if it were complete. */
    private void broken(Throwable fault) {
        if (ended) {
            return;
        }
        LOG.infof("%s broke off its answer: %s", lane.target().label(), fault.getMessage());
        drop();
        if (context.response().headWritten()) {
            context.response().reset();
        } else {
            refuse(new Fault(Fault.Kind.GARBAGE, "the answer broke off"));
        }
    }

    private void refuse(Fault fault) {
        if (ended) {
            over.complete(null);
            return;
        }
        Fault.Kind kind = fault.kind();
        // What is refused without being tried is counted; a line for each would drown the log while a service is away.
        Logger.Level level = kind.blamesService() ? Logger.Level.INFO : Logger.Level.DEBUG;
        LOG.logf(level, "%s for %s: %s", kind, route, fault.getMessage());
        if (kind.problem() == ProblemType.TEMPORARY_REDUCED_CAPACITY) {
            Refusal.send(
                    context,
                    kind.problem(),
                    route.fallback().detail(lane.target()),
                    lane.guard().retryAfter(kind));
        } else if (kind == Fault.Kind.CLIENT_SLOW) {
            Refusal.sendAndClose(context, kind.problem(), detail(kind));
        } else {
            Refusal.send(context, kind.problem(), detail(kind));
        }
    }

    private String detail(Fault.Kind kind) {
        return switch (kind) {
            case SILENT ->
                "the %s service did not answer in time".formatted(lane.target().label());
            case CLIENT_SLOW, CLIENT_GONE -> "the body did not come in time";
            default ->
                "the %s service gave no valid answer".formatted(lane.target().label());
        };
    }

    /** The answer is out, or its connection is gone. */
    private void ended(AsyncResult<Void> end) {
        ended = true;
        if (end.failed() && attempt != null) {
            attempt.cancel();
        }
        over.complete(null);
    }

    private void drop() {
        if (attempt != null) {
            attempt.drop();
        }
    }

    private long elapsedMs() {
        return (System.nanoTime() - askedAt) / 1_000_000;
    }
}
