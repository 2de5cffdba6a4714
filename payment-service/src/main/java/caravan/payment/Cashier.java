package caravan.payment;

import caravan.common.messaging.Batcher;
import caravan.common.messaging.Faults;
import caravan.common.messaging.OutboxRelay;
import caravan.payment.CardNetwork.Outcome;
import caravan.payment.PaymentStore.Finding;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes due payments to the card network and records what it said; what is recorded together shares a commit. Woken after
 * each batch of commands; the sweep finds the rest: retries, queued payments, and what a replica left that died. While the
 * breaker is open, what is due is put off instead.
 *
 * <p>A payment that is taken and lost (crash, database away) is due again when its lease is over, under the same key. All
 * state is confined to one event-loop context.
 */
@Singleton
class Cashier {

    private static final Logger LOG = Logger.getLogger(Cashier.class);
    private static final int MOST_PUT_OFF = 256;
    private static final Duration COUNT_EVERY = Duration.ofSeconds(2);

    private final PaymentStore store;
    private final OutboxRelay relay;
    private final PaymentMetrics metrics;
    private final PaymentConfig config;
    private final Vertx vertx;
    private final Context context;
    private final InstantSource clock = InstantSource.system();
    private final CountDownLatch idle = new CountDownLatch(1);
    private final Breaker breaker;
    private final Lane regular;
    private final Lane suspects;
    private final Pace pace;
    private final Pace drain;
    private final Batcher<Finding, Payment> findings;

    private boolean looking;
    private boolean lookingForSuspects;
    private boolean again;
    private boolean more;
    private boolean closed;

    Cashier(
            CardNetwork network,
            PaymentStore store,
            OutboxRelay relay,
            PaymentMetrics metrics,
            PaymentConfig config,
            Vertx vertx) {
        this.store = store;
        this.relay = relay;
        this.metrics = metrics;
        this.config = config;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.breaker = new Breaker(clock, config.breaker().openFor());
        this.regular = new Lane(network, Guards.regular(config, breaker), config.bulkhead(), config.inHand());
        this.suspects = new Lane(network, Guards.suspects(config), config.suspects(), config.suspects());
        this.pace = new Pace(config.rate(), config.inHand());
        this.drain = new Pace(config.drainRate(), 1);
        int atMost = config.inHand() + config.suspects();
        this.findings = new Batcher<>(context, atMost, atMost, 1, config.recordGap(), store::record);
        requireLease();
    }

    private void requireLease() {
        Duration longest = config.longestInHand();
        if (config.lease().compareTo(longest) < 0) {
            throw new IllegalStateException("caravan.payment.lease must be at least " + longest
                    + ": so long may a payment be in hand with these in-hand, bulkhead and timeout");
        }
    }

    void start(@Observes StartupEvent event) {
        metrics.watchBreaker(() -> breaker.gate(clock.instant()));
        metrics.watchInHand("regular", regular::taken);
        metrics.watchInHand("suspects", suspects::taken);
        vertx.setPeriodic(0, config.sweepEvery().toMillis(), _ -> context.runOnContext(_ -> sweep()));
        vertx.setPeriodic(
                COUNT_EVERY.toMillis(),
                _ -> store.countOpen()
                        .subscribe()
                        .with(metrics::countedOpen, fault -> LOG.debugf("cannot count: %s", Faults.describe(fault))));
    }

    /** There are payments: call after the commit, from any thread. */
    void wake() {
        context.runOnContext(_ -> look());
    }

    /** What is in hand is finished, so that nobody has to wait for its lease. */
    @Shutdown
    void stop() throws InterruptedException {
        context.runOnContext(_ -> {
            closed = true;
            tellWhenIdle();
        });
        if (!idle.await(config.timeout().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("payments in hand are left to their lease");
        }
    }

    private void sweep() {
        look();
        if (breaker.gate(clock.instant()) != Breaker.Gate.OPEN) {
            takeSuspects();
        }
    }

    private void look() {
        again = true;
        if (looking || closed) {
            return;
        }
        looking = true;
        again = false;
        Instant now = clock.instant();
        round(now)
                .subscribe()
                .with(
                        full -> context.runOnContext(_ -> looked(full)),
                        fault -> context.runOnContext(_ -> {
                            LOG.warnf("payments wait: %s", Faults.describe(fault));
                            looking = false;
                        }));
    }

    private void looked(boolean full) {
        looking = false;
        more = full;
        if (again || (more && breaker.gate(clock.instant()) == Breaker.Gate.OPEN)) {
            look();
        } else {
            ask(regular);
        }
    }

    /** True when there may be more of the same. */
    private Uni<Boolean> round(Instant now) {
        return switch (breaker.gate(now)) {
            case OPEN ->
                store.putOff(MOST_PUT_OFF, now, _ -> queueSlot()).map(count -> {
                    if (count > 0) {
                        relay.wake();
                    }
                    return count == MOST_PUT_OFF;
                });
            case PROBING -> take(regular, regular.taken() == 0 ? 1 : 0, now);
            case CLOSED -> take(regular, pace.allowed(regular.room(), now), now);
        };
    }

    private Uni<Boolean> take(Lane lane, int most, Instant now) {
        if (most <= 0) {
            return Uni.createFrom().item(true);
        }
        return store.take(lane == suspects, most, now, now.plus(config.lease()))
                .emitOn(run -> context.runOnContext(_ -> run.run()))
                .map(payments -> {
                    pace.use(payments.size(), now);
                    lane.take(payments);
                    ask(lane);
                    return payments.size() == most;
                });
    }

    private void takeSuspects() {
        if (closed || lookingForSuspects || suspects.room() == 0) {
            return;
        }
        lookingForSuspects = true;
        take(suspects, suspects.room(), clock.instant())
                .onTermination()
                .invoke(() -> context.runOnContext(_ -> lookingForSuspects = false))
                .subscribe()
                .with(_ -> {}, fault -> LOG.warnf("payments wait: %s", Faults.describe(fault)));
    }

    private void ask(Lane lane) {
        for (Optional<Payment> next = lane.next(); next.isPresent(); next = lane.next()) {
            Payment payment = next.get();
            long startedAt = System.nanoTime();
            lane.ask(payment)
                    .emitOn(run -> context.runOnContext(_ -> run.run()))
                    .subscribe()
                    .with(outcome -> {
                        metrics.asked(payment, outcome, Duration.ofNanos(System.nanoTime() - startedAt));
                        lane.answered();
                        record(lane, payment, outcome);
                        ask(lane);
                    });
        }
    }

    private void record(Lane lane, Payment payment, Outcome outcome) {
        Finding finding = new Finding(payment.orderId(), payment.call(), outcome, retryAt(payment, outcome));
        findings.submit(finding)
                .onFailure(Faults::passes)
                .retry()
                .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(1))
                .expireIn(config.lease().toMillis())
                .emitOn(run -> context.runOnContext(_ -> run.run()))
                .subscribe()
                .with(_ -> recorded(lane), fault -> {
                    payment.facts().tell(() -> LOG.error("what the card network said is not recorded", fault));
                    recorded(lane);
                });
    }

    private void recorded(Lane lane) {
        lane.recorded();
        relay.wake();
        boolean roomy = more && regular.room() * 2 >= config.inHand();
        if (roomy || breaker.gate(clock.instant()) == Breaker.Gate.PROBING) {
            look();
        }
        tellWhenIdle();
    }

    private Instant retryAt(Payment payment, Outcome outcome) {
        int tries = payment.tries().made();
        double chance = ThreadLocalRandom.current().nextDouble();
        Instant now = clock.instant();
        return switch (outcome) {
            case Outcome.Prevented _ -> queueSlot();
            case Outcome.Unavailable _ -> now.plus(config.refused().backoff().after(tries, chance));
            case Outcome.Unanswered _, Outcome.Reversed _ ->
                now.plus(config.unanswered().backoff().after(tries, chance));
            case Outcome.Captured _, Outcome.Declined _, Outcome.Blocked _ -> now;
        };
    }

    /** The queue is worked off slot by slot once the breaker lets somebody through. */
    private Instant queueSlot() {
        Instant now = clock.instant();
        return drain.next(breaker.openUntil().isAfter(now) ? breaker.openUntil() : now.plus(config.sweepEvery()));
    }

    private void tellWhenIdle() {
        if (closed && regular.taken() == 0 && suspects.taken() == 0) {
            idle.countDown();
        }
    }
}
