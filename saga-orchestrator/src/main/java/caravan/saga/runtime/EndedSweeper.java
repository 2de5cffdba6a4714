package caravan.saga.runtime;

import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.common.messaging.Faults;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.OutboxRelay;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Forgets sagas that ended so long ago that nothing of them can come again, and tells those who keep something of them
 * (rule 11). Nobody waits for it: a batch, a pause, the next batch.
 */
@Singleton
class EndedSweeper {

    private static final Logger LOG = Logger.getLogger(EndedSweeper.class);

    /** Of no order that another saga is busy with, or was lately. */
    static final String TAKE = """
            select s.id, s.order_id from sagas s
            where s.ended_at < $1
              and not exists (
                select from sagas p where p.id = s.order_id and (p.ended_at is null or p.ended_at >= $1))
              and not exists (
                select from sagas c where c.order_id = s.order_id and c.id <> c.order_id
                  and (c.ended_at is null or c.ended_at >= $1))
            order by s.ended_at limit $2
            for update of s skip locked""";

    private static final String DELETE_STEPS = "delete from saga_steps where saga_id = any($1)";
    private static final String DELETE_ORDERS = "delete from operator_orders where saga_id = any($1)";
    private static final String DELETE_SET_ASIDE = "delete from set_aside where saga_id = any($1)";
    private static final String DELETE = "delete from sagas where id = any($1)";

    private final Pool pool;
    private final OutboxRelay relay;
    private final SagaMetrics metrics;
    private final SagaConfig config;
    private final Messaging messaging;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    EndedSweeper(Pool pool, OutboxRelay relay, SagaMetrics metrics, SagaConfig config, Messaging messaging) {
        this.pool = pool;
        this.relay = relay;
        this.metrics = metrics;
        this.config = config;
        this.messaging = messaging;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        refuseToForgetTooSoon(config.keepEnded(), messaging.replayWindow());
        vertx.setPeriodic(config.forgetEvery().toMillis(), _ -> tick());
    }

    /** What participants still take must not be of a saga that is forgotten. */
    static void refuseToForgetTooSoon(Duration keepEnded, Duration replayWindow) {
        if (keepEnded.compareTo(replayWindow) <= 0) {
            throw new IllegalStateException(
                    "caravan.saga.keep-ended is %s: it must exceed caravan.messaging.replay-window, which is %s"
                            .formatted(keepEnded, replayWindow));
        }
    }

    private void tick() {
        if (sweeping.compareAndSet(false, true)) {
            sweep(Instant.now())
                    .onTermination()
                    .invoke(() -> sweeping.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("ended sagas wait: %s", Faults.describe(fault)));
        }
    }

    /** Forgets one batch; gives how many sagas that were. */
    Uni<Integer> sweep(Instant now) {
        Tuple bounds = Tuple.of(now.minus(config.keepEnded()).atOffset(ZoneOffset.UTC), config.forgetBatch());
        return Transactions.run(
                        pool, tx -> tx.preparedQuery(TAKE).execute(bounds).map(rows -> forget(tx, rows)))
                .invoke(forgotten -> {
                    if (forgotten > 0) {
                        metrics.forgotten(forgotten);
                        relay.wake();
                    }
                });
    }

    private Writes<Integer> forget(SqlConnection tx, RowSet<Row> rows) {
        List<Forgotten> sagas = new ArrayList<>();
        rows.forEach(row -> sagas.add(new Forgotten(row.getUUID("id"), row.getUUID("order_id"))));
        if (sagas.isEmpty()) {
            return Writes.none(0);
        }
        Tuple ids = Tuple.of(sagas.stream().map(Forgotten::sagaId).toArray(UUID[]::new));
        return new Writes<>(
                sagas.size(),
                List.of(
                        tx.preparedQuery(DELETE_STEPS).execute(ids).replaceWithVoid(),
                        tx.preparedQuery(DELETE_ORDERS).execute(ids).replaceWithVoid(),
                        tx.preparedQuery(DELETE_SET_ASIDE).execute(ids).replaceWithVoid(),
                        tx.preparedQuery(DELETE).execute(ids).replaceWithVoid(),
                        Outbox.add(tx, List.of(said(sagas)))));
    }

    /** A saga is forgotten once: the first one's id makes the message's. */
    private Outgoing said(List<Forgotten> sagas) {
        String first = sagas.getFirst().sagaId().toString();
        return Outgoing.of(
                Topics.SAGA_RETENTION,
                first,
                first + ":forgotten",
                messaging.source(),
                TraceContext.NONE,
                new SagasForgotten(sagas));
    }
}
