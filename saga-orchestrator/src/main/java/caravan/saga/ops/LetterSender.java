package caravan.saga.ops;

import caravan.common.messaging.Faults;
import caravan.common.messaging.Publisher;
import caravan.common.messaging.Replay;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Sends queued dead letters back to where they came from: in their order, at a bounded rate, each under its own id, so that whoever
 * has handled it answers from its record (rule 2). One that is sent and not yet marked when this process dies is sent twice.
 */
@Singleton
class LetterSender {

    private static final Logger LOG = Logger.getLogger(LetterSender.class);
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration COUNT_EVERY = Duration.ofSeconds(5);
    private static final int FORGET_AT_ONCE = 500;

    private final Pool pool;
    private final LetterStore store;
    private final LetterReads reads;
    private final Publisher publisher;
    private final LetterMetrics metrics;
    private final OpsConfig config;
    private final AtomicBoolean sending = new AtomicBoolean();

    LetterSender(
            Pool pool,
            LetterStore store,
            LetterReads reads,
            Publisher publisher,
            LetterMetrics metrics,
            OpsConfig config) {
        this.pool = pool;
        this.store = store;
        this.reads = reads;
        this.publisher = publisher;
        this.metrics = metrics;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        vertx.setPeriodic(EVERY.toMillis(), _ -> tick());
        vertx.setPeriodic(COUNT_EVERY.toMillis(), _ -> housekeeping());
    }

    private void tick() {
        if (sending.compareAndSet(false, true)) {
            send().onTermination()
                    .invoke(() -> sending.set(false))
                    .subscribe()
                    .with(metrics::replayed, fault -> LOG.warnf("replays wait: %s", Faults.describe(fault)));
        }
    }

    private void housekeeping() {
        reads.openByTopic()
                .invoke(metrics::open)
                .chain(() -> store.forget(Instant.now().minus(config.keepLetters()), FORGET_AT_ONCE))
                .subscribe()
                .with(_ -> {}, fault -> LOG.debugf("dead letters are not counted: %s", Faults.describe(fault)));
    }

    /** Gives how many. */
    private Uni<Integer> send() {
        int most = (int) Math.max(1, config.replayRate() * EVERY.toMillis() / 1000);
        return Transactions.run(pool, tx -> store.take(tx, most).chain(letters -> send(tx, letters)));
    }

    private Uni<Writes<Integer>> send(SqlConnection tx, List<LetterStore.Queued> letters) {
        if (letters.isEmpty()) {
            return Uni.createFrom().item(Writes.none(0));
        }
        List<ProducerRecord<String, byte[]>> records =
                letters.stream().map(LetterSender::record).toList();
        return publisher.sendRecords(records).map(_ -> new Writes<>(letters.size(), List.of(store.sent(tx, letters))));
    }

    private static ProducerRecord<String, byte[]> record(LetterStore.Queued letter) {
        return Replay.of(letter.record(), new TraceContext(letter.traceparent(), null, null));
    }
}
