package caravan.saga.audit;

import caravan.audit.Invariant;
import caravan.audit.OrderFacts;
import caravan.audit.Suspicions;
import caravan.audit.Violation;
import caravan.common.audit.AuditConfig;
import caravan.common.audit.AuditMetrics;
import caravan.common.messaging.Faults;
import caravan.saga.audit.EndedSagas.Page;
import caravan.saga.audit.EndedSagas.Sagas;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Judges orders whose sagas ended a while ago. Nothing is judged of an order whose saga moved while its participants were asked,
 * a violation counts when a later look still sees it, and a page waits for a participant that does not answer: no race and
 * no outage makes a violation.
 */
@Singleton
class SagaAudit {

    private static final Logger LOG = Logger.getLogger(SagaAudit.class);

    private final EndedSagas sagas;
    private final Participants participants;
    private final Backlog backlog;
    private final AuditMetrics metrics;
    private final SagaAuditMetrics troubles;
    private final AuditConfig audit;
    private final SagaAuditConfig config;
    private final Suspicions suspicions;
    private final AtomicBoolean looking = new AtomicBoolean();
    // Of one look after the other.
    private volatile List<UUID> page = List.of();
    private final AtomicInteger tries = new AtomicInteger();

    SagaAudit(
            EndedSagas sagas,
            Participants participants,
            Backlog backlog,
            AuditMetrics metrics,
            SagaAuditMetrics troubles,
            AuditConfig audit,
            SagaAuditConfig config) {
        this.sagas = sagas;
        this.participants = participants;
        this.backlog = backlog;
        this.metrics = metrics;
        this.troubles = troubles;
        this.audit = audit;
        this.config = config;
        this.suspicions = new Suspicions(audit.confirmAfter(), audit.patience());
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        // All: whoever is to see that one rises must have seen it at 0.
        metrics.watch(List.of(Invariant.values()));
        if (audit.enabled()) {
            vertx.setPeriodic(config.every().toMillis(), _ -> tick());
        }
    }

    private void tick() {
        if (looking.compareAndSet(false, true)) {
            look(Instant.now())
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .subscribe()
                    .with(_ -> {}, this::failed);
        }
    }

    private void failed(Throwable fault) {
        metrics.failed();
        LOG.warnf("ended sagas wait to be judged: %s", Faults.describe(fault));
    }

    /** Judges the next page, and looks again at what seemed wrong. Not while another look is under way. */
    Uni<Void> look(Instant now) {
        return next(now)
                .chain(orders -> judge(orders, now))
                .invoke(() -> page = List.of())
                .chain(() -> judge(due(now), now))
                .chain(() -> unclaimed(now))
                .onFailure()
                .invoke(this::giveUp);
    }

    private Uni<List<UUID>> next(Instant now) {
        if (!page.isEmpty()) {
            return Uni.createFrom().item(page);
        }
        Instant until = now.minus(config.after());
        return sagas.take(until.minus(config.mostBehind()), until, config.page())
                .invoke(this::take)
                .map(Page::orders);
    }

    private void take(Page taken) {
        if (taken.skipped() > 0) {
            LOG.warnf("%d sagas ended too long ago to be judged", taken.skipped());
        }
        troubles.skipped(taken.skipped());
        page = taken.orders();
        tries.set(0);
    }

    private void giveUp() {
        if (tries.incrementAndGet() >= config.tries() && !page.isEmpty()) {
            LOG.warnf("the orders of %d sagas are not judged: somebody does not answer", page.size());
            troubles.skipped(page.size());
            page = List.of();
        }
    }

    private List<UUID> due(Instant now) {
        synchronized (suspicions) {
            return suspicions.due(now, config.page()).stream()
                    .map(UUID::fromString)
                    .toList();
        }
    }

    /** The other way round: orders without a saga. Who is behind with the orders does not know yet. */
    private Uni<Void> unclaimed(Instant now) {
        return backlog.isSmall()
                ? participants.unclaimed().chain(orders -> judge(orders, now))
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> judge(List<UUID> orders, Instant now) {
        if (orders.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return sagas.of(orders)
                .chain(before -> participants
                        .ask(orders)
                        .chain(heard -> sagas.of(orders).invoke(after -> judge(before, after, heard, now))))
                .replaceWithVoid();
    }

    private void judge(Map<UUID, Sagas> before, Map<UUID, Sagas> after, Heard heard, Instant now) {
        List<String> judged = new ArrayList<>();
        List<Violation> found = new ArrayList<>();
        after.forEach((order, sagasNow) -> {
            // Who moves will end again, and be taken then.
            if (sagasNow.equals(before.get(order))) {
                OrderFacts facts = heard.of(order, sagasNow);
                judged.add(order.toString());
                found.addAll(facts.violations());
                facts.money().flatMap(money -> money.judge(order.toString())).ifPresent(found::add);
            }
        });
        metrics.judged(judged.size());
        synchronized (suspicions) {
            suspicions.looked(judged, found, now).forEach(metrics::violated);
        }
    }
}
