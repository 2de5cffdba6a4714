package caravan.notification;

import caravan.common.messaging.Faults;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TracedWork;
import caravan.notification.Claim.Settled;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Sends what is pending, batch after batch: claim (committed), send at the bucket's pace, settle (committed). Woken after
 * commits; the sweep finds retries that are due and what other replicas left. All state is confined to one event-loop
 * context.
 */
@Singleton
class ConfirmationSender {

    private static final Logger LOG = Logger.getLogger(ConfirmationSender.class);

    /** What claim and settle cost between two batches: two commits. */
    private static final Duration SLACK = Duration.ofMillis(50);

    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");

    private final SendingStore store;
    private final Smtp smtp;
    private final NotificationMetrics metrics;
    private final NotificationConfig config;
    private final Verdict.Policy policy;
    private final Tracer tracer;
    private final Vertx vertx;
    private final Context context;
    private final LeakyBucket bucket;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private boolean running;
    private boolean again;
    private boolean closed;

    ConfirmationSender(
            SendingStore store,
            Smtp smtp,
            NotificationMetrics metrics,
            NotificationConfig config,
            Tracer tracer,
            Vertx vertx) {
        this.store = store;
        this.tracer = tracer;
        this.smtp = smtp;
        this.metrics = metrics;
        this.config = config;
        this.policy = new Verdict.Policy(config.attempts(), config.firstRetry(), config.longestRetry());
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.bucket = new LeakyBucket(config.ratePerSecond(), SLACK, System.nanoTime());
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(0, config.sweepEvery().toMillis(), _ -> wake());
        vertx.setPeriodic(0, config.checkEvery().toMillis(), _ -> context.runOnContext(_ -> check()));
    }

    /** Finishes what is on its way to the mail server; blocks, but not longer than one mail may take. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        context.runOnContext(_ -> {
            closed = true;
            if (!running) {
                ended.complete(null);
            }
        });
        try {
            ended.get(config.sendTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warnf("the last mails have no known end: %s", Faults.describe(e));
        }
        smtp.close();
    }

    /** There may be something to send: call after the commit, from any thread. */
    void wake() {
        context.runOnContext(_ -> {
            again = true;
            next();
        });
    }

    private void next() {
        if (closed && !running) {
            ended.complete(null);
        }
        if (running || !again || closed) {
            return;
        }
        running = true;
        again = false;
        round().subscribe().with(sent -> done(sent > 0), fault -> {
            LOG.warnf("mails wait: %s", Faults.describe(fault));
            done(false);
        });
    }

    private void done(boolean more) {
        context.runOnContext(_ -> {
            running = false;
            again |= more;
            next();
        });
    }

    private Uni<Integer> round() {
        // A fifth of a second's worth: few are uncertain after a crash, and a commit is shared all the same.
        int batch = Math.clamp(config.ratePerSecond() / 5, 1, 50);
        return store.claim(batch, config.lease())
                .chain(claims -> claims.isEmpty() ? Uni.createFrom().item(0) : deliver(claims));
    }

    private Uni<Integer> deliver(List<Claim> claims) {
        return Uni.join()
                .all(claims.stream().map(this::deliver).toList())
                .andFailFast()
                .chain(this::settle)
                .replaceWith(claims.size());
    }

    private Uni<Settled> deliver(Claim claim) {
        return pause(bucket.take(System.nanoTime()))
                .chain(() -> send(claim))
                .map(outcome -> new Settled(claim, Verdict.of(outcome, claim.attempt(), policy)))
                .invoke(ConfirmationSender::tell);
    }

    private Uni<Outcome> send(Claim claim) {
        TracedWork work = TracedWork.start(tracer, SpanKind.CLIENT, "SMTP send", claim.trace());
        if (!work.isRecording()) {
            return smtp.send(Letter.of(claim.command()));
        }
        // To whom it goes is nobody's business here.
        work.with(PEER, "mail")
                .with(SpanKeys.ORDER_ID, claim.orderId().toString())
                .with(SpanKeys.SAGA_ATTEMPT, (long) claim.attempt());
        return smtp.send(Letter.of(claim.command())).onTermination().invoke((outcome, _, _) -> {
            if (outcome instanceof Outcome.Accepted) {
                work.end();
            } else {
                work.failed(outcome == null ? "cancelled" : outcome.getClass().getSimpleName());
            }
        });
    }

    /** The database may be away just now: what the mail server said must not be forgotten for that. */
    private Uni<Void> settle(List<Settled> ends) {
        return store.settle(ends)
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .atMost(30)
                .invoke(() -> metrics.settled(ends));
    }

    private Uni<Void> pause(Duration wait) {
        // Timers count milliseconds, and none is shorter than one.
        long ms = wait.toMillis();
        return ms < 1
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().emitter(emitter -> vertx.setTimer(ms, _ -> emitter.complete(null)));
    }

    private void check() {
        if (closed) {
            return;
        }
        Uni<Void> resent = config.resendUncertain()
                ? store.resendUncertain(config.attempts())
                : Uni.createFrom().voidItem();
        store.expire()
                .invoke(this::tellExpired)
                .chain(() -> resent)
                .chain(store::count)
                .subscribe()
                .with(metrics::open, fault -> LOG.warnf("mails are not checked: %s", Faults.describe(fault)));
    }

    private void tellExpired(List<java.util.UUID> orders) {
        metrics.expired(orders.size());
        orders.forEach(order -> LOG.errorf("orderId=%s mail uncertain: its sender died", order));
    }

    private static void tell(Settled end) {
        Claim claim = end.claim();
        switch (end.verdict()) {
            case Verdict.Sent _ -> LOG.debugf("orderId=%s attempt=%d mail sent", claim.orderId(), claim.attempt());
            case Verdict.Again again ->
                LOG.infof("orderId=%s attempt=%d mail refused: %s", claim.orderId(), claim.attempt(), again.reason());
            case Verdict.Failed failed ->
                LOG.errorf("orderId=%s attempt=%d mail failed: %s", claim.orderId(), claim.attempt(), failed.reason());
            case Verdict.Uncertain uncertain ->
                LOG.errorf(
                        "orderId=%s attempt=%d mail uncertain: %s",
                        claim.orderId(), claim.attempt(), uncertain.reason());
        }
    }
}
