package caravan.common.audit;

import caravan.audit.Invariant;
import caravan.audit.Suspicions;
import caravan.common.messaging.Faults;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Has a service look at its own rows every so often, and tells what a second look still sees, once while the process lives. A look
 * that took long makes the next one wait ({@link AuditConfig#share}).
 */
@Singleton
public class AuditRounds {

    private static final Logger LOG = Logger.getLogger(AuditRounds.class);

    private final AuditMetrics metrics;
    private final AuditConfig config;
    private final Vertx vertx;

    AuditRounds(AuditMetrics metrics, AuditConfig config, Vertx vertx) {
        this.metrics = metrics;
        this.config = config;
        this.vertx = vertx;
    }

    /**
     * Looks from now on.
     *
     * @param judged what the look may find violated
     * @return the round, for whoever wants to look at once
     */
    public Round watch(Collection<Invariant> judged, Look look) {
        metrics.watch(judged);
        Round round = new Round(look);
        if (config.enabled()) {
            vertx.setPeriodic(config.every().toMillis(), _ -> round.tick());
        }
        return round;
    }

    static long pauseNs(long tookNs, double share) {
        return (long) (tookNs * (1 / share - 1));
    }

    /** One kind of look, again and again. */
    public final class Round {

        private final Look look;
        private final Suspicions suspicions = new Suspicions(config.confirmAfter(), config.patience());
        private final AtomicBoolean looking = new AtomicBoolean();
        private volatile long restUntilNs = System.nanoTime();
        private volatile long lastTookNs;

        private Round(Look look) {
            this.look = look;
        }

        private void tick() {
            if (System.nanoTime() - restUntilNs >= 0 && looking.compareAndSet(false, true)) {
                long beganNs = System.nanoTime();
                look(Instant.now())
                        .onTermination()
                        .invoke(() -> rest(System.nanoTime() - beganNs))
                        .subscribe()
                        .with(_ -> {}, this::failed);
            }
        }

        /** After the quicker of the last two: one that is slow tells of a busy machine or a cold process, two of a large table. */
        private void rest(long tookNs) {
            restUntilNs = System.nanoTime() + pauseNs(Math.min(tookNs, lastTookNs), config.share());
            lastTookNs = tookNs;
            looking.set(false);
        }

        private void failed(Throwable fault) {
            metrics.failed();
            LOG.warnf("nobody looks at the invariants: %s", Faults.describe(fault));
        }

        /** Looks once, now. Not while another look is under way. */
        public Uni<Void> look(Instant now) {
            Collection<String> again;
            synchronized (suspicions) {
                again = suspicions.due(now, config.page());
            }
            return look.look(again).invoke(looked -> learn(looked, now)).replaceWithVoid();
        }

        private void learn(Look.Looked looked, Instant now) {
            metrics.judged(looked.judged().size());
            synchronized (suspicions) {
                suspicions.looked(looked.judged(), looked.found(), now).forEach(metrics::violated);
            }
        }
    }
}
