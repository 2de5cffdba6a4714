package caravan.saga.runtime;

import caravan.common.log.Facts;
import caravan.common.messaging.Faults;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.OutboxRelay;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TracedWork;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Send;
import caravan.saga.engine.Signal;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells sagas whose deadline has passed (rules 4, 5, 7). Nothing redelivers a timer, so what it causes goes through the
 * outbox. Several replicas share the work: {@code for update skip locked}.
 */
@Singleton
class DeadlineSweeper {

    private static final Logger LOG = Logger.getLogger(DeadlineSweeper.class);
    private static final String TIMER = "deadline";

    static final String WATCH = """
            select (select count(*) from sagas where check_at < $1 and due_at < $1) as orphans,
                   (select count(*) from sagas where phase = 'STUCK') as stuck""";

    private final Pool pool;
    private final SagaStore store;
    private final Latecomers latecomers;
    private final SagaMetrics metrics;
    private final SagaLoad load;
    private final SagaConfig config;
    private final OutboxRelay relay;
    private final Tracer tracer;
    private final String source;
    private final Vertx vertx;
    private final Context context;
    private boolean sweeping;

    DeadlineSweeper(
            Pool pool,
            SagaStore store,
            Latecomers latecomers,
            SagaMetrics metrics,
            SagaLoad load,
            SagaConfig config,
            OutboxRelay relay,
            Messaging messaging,
            Tracer tracer,
            Vertx vertx) {
        this.pool = pool;
        this.store = store;
        this.latecomers = latecomers;
        this.metrics = metrics;
        this.load = load;
        this.config = config;
        this.relay = relay;
        this.tracer = tracer;
        this.source = messaging.source();
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(config.sweepEvery().toMillis(), _ -> context.runOnContext(_ -> sweep()));
    }

    private void sweep() {
        if (sweeping) {
            return;
        }
        sweeping = true;
        // Before the deadlines: an answer that waits here has come in time.
        anyhow(() -> untilFew(latecomers::takeUp))
                .chain(() -> anyhow(() -> untilFew(this::putOff)))
                .chain(() -> anyhow(() -> untilFew(this::tell)))
                .chain(() -> anyhow(this::watch))
                .chain(() -> anyhow(() -> load.measure(Instant.now())))
                .subscribe()
                .with(_ -> context.runOnContext(_ -> sweeping = false));
    }

    /** Where one part fails, the others are done nevertheless, and the next sweep comes: above all it is seen what waits. */
    private static Uni<Void> anyhow(Supplier<Uni<Void>> part) {
        return Uni.createFrom()
                .deferred(part::get)
                .onFailure()
                .invoke(fault -> LOG.warnf("deadlines wait: %s", Faults.describe(fault)))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> untilFew(Supplier<Uni<Integer>> batch) {
        return batch.get()
                .chain(size -> size < config.sweepBatch() ? Uni.createFrom().voidItem() : untilFew(batch));
    }

    private Uni<Integer> putOff() {
        return store.putOff(Instant.now(), config.sweepBatch());
    }

    private Uni<Integer> tell() {
        Instant now = Instant.now();
        List<TracedWork> works = new ArrayList<>();
        return Transactions.run(
                        pool,
                        tx -> store.lockDue(tx, now, config.sweepBatch()).map(due -> {
                            Turn turn = new Turn(source, now, due);
                            due.values().forEach(saga -> tell(turn, saga, works));
                            return new Writes<>(turn, store.save(tx, turn, List.of(Outbox.add(tx, turn.out()))));
                        }))
                .onTermination()
                .invoke((_, fault, _) -> works.forEach(work -> end(work, fault)))
                .invoke(turn -> {
                    metrics.count(turn);
                    if (!turn.out().isEmpty()) {
                        relay.wake();
                    }
                })
                .map(turn -> turn.log().size());
    }

    /** In the order's trace, beside the work that sent the command which was not answered, and linked to it. */
    private void tell(Turn turn, Instance<?> saga, List<TracedWork> works) {
        Send send = saga.current().orElse(null);
        TracedWork work = TracedWork.start(
                tracer, SpanKind.INTERNAL, "deadline " + (send == null ? "" : send.step()), saga.trace());
        if (send != null && work.isRecording()) {
            work.with(SpanKeys.SAGA_STEP, send.step())
                    .with(SpanKeys.SAGA_ATTEMPT, (long) send.attempt())
                    .with(SpanKeys.SAGA_COMPENSATION, send.direction() == Direction.UNDO)
                    .with(SpanKeys.SAGA_TYPE, saga.definition().name())
                    .with(SpanKeys.SAGA_ID, saga.state().id().toString())
                    .with(SpanKeys.ORDER_ID, saga.state().orderId().toString())
                    .linkedTo(saga.sent(), "timer");
        }
        try {
            turn.signal(saga, new Signal.DeadlinePassed(), TIMER, work.context());
            works.add(work);
        } catch (RuntimeException e) {
            // A defect that hits one saga holds up no other; saga.orphans counts it.
            work.failed(e);
            Facts.NONE.saga(saga.state().id()).tell(() -> LOG.errorf(e, "a deadline waits: it cannot be told"));
        }
    }

    private static void end(TracedWork work, @Nullable Throwable fault) {
        if (fault == null) {
            work.end();
        } else {
            work.failed(fault);
        }
    }

    private Uni<Void> watch() {
        Duration late = config.sweepEvery().multipliedBy(2);
        return pool.preparedQuery(WATCH)
                .execute(Tuple.of(Instant.now().minus(late).atOffset(ZoneOffset.UTC)))
                .invoke(rows -> {
                    var row = rows.iterator().next();
                    metrics.orphans(row.getLong("orphans"));
                    metrics.stuck(row.getLong("stuck"));
                })
                .replaceWithVoid();
    }
}
