package caravan.common.messaging;

import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Sends outbox rows and deletes them once the broker has them. Woken right after a commit; the poll is only a safety net.
 * Several replicas share the table: {@code for update skip locked}, so that no row is sent twice at the same time and a row
 * whose sender died is free again at once. A row may be sent twice (crash between send and delete): receivers know its id.
 *
 * <p>A bean in every service; idle unless {@code caravan.messaging.outbox=true} says that there is an outbox table. All
 * state is confined to one event-loop context.
 */
@Singleton
public class OutboxRelay {

    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);

    /** Many batches fit into it; a broker that is away is not waited for. */
    private static final Duration LAST_BATCHES = Duration.ofSeconds(2);

    static final String TAKE = """
            select id, topic, key, envelope, body from outbox
            order by id limit $1 for update skip locked""";

    static final String DELETE = "delete from outbox where id = any($1)";

    private final Pool pool;
    private final Publisher publisher;
    private final MessagingConfig config;
    private final Vertx vertx;
    private final Context context;
    private final CountDownLatch idle = new CountDownLatch(1);
    private final Spacing spacing;

    private boolean running;
    private boolean again;
    private boolean closing;
    private boolean closed;

    public OutboxRelay(Pool pool, Publisher publisher, MessagingConfig config, Vertx vertx) {
        this.pool = pool;
        this.publisher = publisher;
        this.config = config;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.spacing = new Spacing(context, config.gap());
    }

    void start(@Observes StartupEvent event) {
        if (!config.outbox()) {
            return;
        }
        wake();
        vertx.setPeriodic(config.outboxPollEvery().toMillis(), _ -> wake());
    }

    /** Sends what is there already, if that is soon done; what is not is sent by another replica, or after the next start. */
    @Shutdown(Endings.RELAY)
    void stop() throws InterruptedException {
        context.runOnContext(_ -> {
            closing = true;
            again = true;
            next();
            tellWhenIdle();
        });
        if (!idle.await(LAST_BATCHES.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("what is in the outbox is left to others");
        }
        context.runOnContext(_ -> closed = true);
    }

    private void tellWhenIdle() {
        if (closing && !running && !again) {
            idle.countDown();
        }
    }

    /** There may be rows: call after the commit, from any thread. */
    public void wake() {
        context.runOnContext(_ -> {
            again = true;
            next();
        });
    }

    private void next() {
        if (running || !again || closed || !spacing.start(this::next)) {
            return;
        }
        running = true;
        again = false;
        Transactions.run(pool, this::relay)
                .subscribe()
                .with(
                        sent -> context.runOnContext(_ -> done(sent >= config.maxBatch())),
                        fault -> context.runOnContext(_ -> {
                            LOG.warnf("outbox waits: %s", Faults.describe(fault));
                            done(false);
                        }));
    }

    private void done(boolean more) {
        running = false;
        again |= more;
        next();
        tellWhenIdle();
    }

    private Uni<Writes<Integer>> relay(SqlConnection tx) {
        return tx.preparedQuery(TAKE).execute(Tuple.of(config.maxBatch())).chain(rows -> send(tx, rows));
    }

    private Uni<Writes<Integer>> send(SqlConnection tx, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Uni.createFrom().item(Writes.none(0));
        }
        List<Outgoing> batch = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (Row row : rows) {
            ids.add(row.getLong("id"));
            batch.add(new Outgoing(
                    row.getString("topic"),
                    row.getString("key"),
                    Json.read(row.getString("envelope"), Envelope.class),
                    row.getBuffer("body").getBytes()));
        }
        return publisher
                .send(batch)
                .map(_ -> new Writes<>(
                        batch.size(),
                        List.of(tx.preparedQuery(DELETE)
                                .execute(Tuple.of(ids.toArray(Long[]::new)))
                                .replaceWithVoid())));
    }
}
