package caravan.order;

import caravan.common.messaging.Faults;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.OutboxRelay;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Says order-placed again for orders that no saga has taken up: a broker may lose at a power cut what it had acknowledged,
 * and nothing else would bring it back. It is the same event under the same id, and a saga starts once. The same goes for
 * requests to cancel. An order that is older than the replay window is not announced any more: it would only be refused.
 */
@Singleton
class OrderSweeper {

    private static final Logger LOG = Logger.getLogger(OrderSweeper.class);

    private static final String BACKLOG = "select count(*) as n from (select from outbox limit $1) as waiting";

    /** Rows that a projection or another replica holds are being looked after already. */
    static final String TAKE = """
            with taken as (
              select order_id from order_views
              where not started and announced_at < $1 and created_at > $4
              order by announced_at limit $2
              for update skip locked)
            update order_views v set announced_at = $3 from taken t where v.order_id = t.order_id
            returning v.order_id""";

    private final Pool pool;
    private final OutboxRelay relay;
    private final OrderConfig.Sweep config;
    private final OrderMetrics metrics;
    private final Vertx vertx;
    private final String source;
    private final Duration replayWindow;
    private final AtomicBoolean running = new AtomicBoolean();
    private long timer;

    OrderSweeper(
            Pool pool, OutboxRelay relay, OrderConfig config, OrderMetrics metrics, Messaging messaging, Vertx vertx) {
        this.pool = pool;
        this.relay = relay;
        this.config = config.sweep();
        this.metrics = metrics;
        this.source = messaging.source();
        this.replayWindow = messaging.replayWindow();
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.every().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void tick() {
        if (running.compareAndSet(false, true)) {
            Instant now = Instant.now();
            sweep(now)
                    .chain(() -> sweepCancellations(now))
                    .onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("the sweep waits: %s", Faults.describe(fault)));
        }
    }

    /** Gives the number of orders that were announced again. */
    Uni<Integer> sweep(Instant now) {
        return pool.withTransaction(tx -> backlog(tx)
                        .chain(waiting -> waiting < config.maxBacklog()
                                ? announce(tx, now)
                                : Uni.createFrom().item(0)))
                .invoke(announced -> {
                    if (announced > 0) {
                        LOG.infof("%d orders had no saga and are announced again", announced);
                        metrics.announcedAgain(announced);
                        relay.wake();
                    }
                });
    }

    /** The same for requests to cancel that have no end yet; gives their number. */
    Uni<Integer> sweepCancellations(Instant now) {
        return pool.withTransaction(
                        tx -> StandingRows.takeUnheard(tx, now.minus(config.after()), config.maxBatch(), now)
                                .call(unheard -> CancelStore.say(tx, unheard, source)))
                .map(Map::size)
                .invoke(said -> {
                    if (said > 0) {
                        metrics.cancelSaidAgain(said);
                        relay.wake();
                    }
                });
    }

    private Uni<Long> backlog(SqlConnection tx) {
        return tx.preparedQuery(BACKLOG)
                .execute(Tuple.of(config.maxBacklog()))
                .map(rows -> rows.iterator().next().getLong("n"));
    }

    private Uni<Integer> announce(SqlConnection tx, Instant now) {
        return take(tx, now)
                .chain(ids -> ids.isEmpty()
                        ? Uni.createFrom().item(0)
                        : OrderRows.load(tx, ids)
                                .chain(orders -> Outbox.add(
                                        tx,
                                        orders.stream()
                                                .map(order -> order.placed(source))
                                                .toList()))
                                .replaceWith(ids.size()));
    }

    private Uni<List<UUID>> take(SqlConnection tx, Instant now) {
        Tuple arguments = Tuple.of(
                now.minus(config.after()).atOffset(ZoneOffset.UTC),
                config.maxBatch(),
                now.atOffset(ZoneOffset.UTC),
                now.minus(replayWindow).atOffset(ZoneOffset.UTC));
        return tx.preparedQuery(TAKE).execute(arguments).map(rows -> {
            List<UUID> ids = new ArrayList<>();
            rows.forEach(row -> ids.add(row.getUUID("order_id")));
            return ids;
        });
    }
}
