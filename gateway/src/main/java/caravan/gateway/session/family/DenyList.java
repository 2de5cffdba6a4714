package caravan.gateway.session.family;

import caravan.common.auth.TokenVerifier;
import caravan.gateway.session.key.Keys;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Ended sessions whose access tokens have not expired yet, as this gateway knows them: what it ended itself at once, what
 * others ended at the next poll. Polls ask for what is new, with an overlap for transactions that took their time; now and
 * then one asks for everything, so that nothing is missed for good. Bounded by what can be ended within a token's life.
 */
@Singleton
public class DenyList {

    private static final Logger LOG = Logger.getLogger(DenyList.class);

    /** A minute more than a token lives: clocks of gateways and database may differ. */
    private static final Duration KEPT =
            Keys.TOKEN_LIFE.plus(TokenVerifier.LEEWAY).plusMinutes(1);

    private static final Duration OVERLAP = Duration.ofSeconds(10);
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);
    private static final int POLLS_UNTIL_ALL = 120;

    /** A connection that went silent must not stop the polling. */
    private static final Duration POLL_BOUND = Duration.ofSeconds(5);

    private static final String SINCE = """
            select sid from denied_sessions
            where denied_at > clock_timestamp() - make_interval(secs => $1)""";

    private static final String PRUNE = """
            delete from denied_sessions where denied_at < clock_timestamp() - make_interval(secs => $1)""";

    private final Pool pool;
    private final FamilyConfig config;
    private final FamilyMetrics metrics;
    private final Vertx vertx;
    private final Map<UUID, Long> denied = new ConcurrentHashMap<>();
    private final AtomicBoolean running = new AtomicBoolean();
    private int polls;
    private volatile long lastPollAt = System.nanoTime();
    private volatile boolean failing;
    private long timer;

    DenyList(Pool pool, FamilyConfig config, FamilyMetrics metrics, Vertx vertx) {
        this.pool = pool;
        this.config = config;
        this.metrics = metrics;
        this.vertx = vertx;
    }

    void start(@Observes @Priority(20) StartupEvent event) {
        metrics.watch(denied.keySet());
        read(KEPT).await().atMost(PATIENCE_AT_START);
        timer = vertx.setPeriodic(config.denyPoll().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    public boolean contains(UUID session) {
        return denied.containsKey(session);
    }

    /** On this gateway, at once. */
    void add(UUID session) {
        denied.put(session, System.nanoTime());
    }

    Uni<Void> prune() {
        denied.values().removeIf(since -> System.nanoTime() - since > KEPT.toNanos());
        return pool.preparedQuery(PRUNE)
                .execute(Tuple.of((double) KEPT.toSeconds()))
                .replaceWithVoid();
    }

    private void tick() {
        if (running.compareAndSet(false, true)) {
            long startedAt = System.nanoTime();
            read(window())
                    .ifNoItem()
                    .after(POLL_BOUND)
                    .fail()
                    .onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> succeeded(startedAt), this::failed);
        }
    }

    /** How far back to read: everything now and then, and after polls that failed. */
    private Duration window() {
        Duration sinceLast = Duration.ofNanos(System.nanoTime() - lastPollAt).plus(OVERLAP);
        return polls++ % POLLS_UNTIL_ALL == 0 || sinceLast.compareTo(KEPT) > 0 ? KEPT : sinceLast;
    }

    private Uni<Void> read(Duration window) {
        return pool.preparedQuery(SINCE)
                .execute(Tuple.of(window.toMillis() / 1000.0))
                .invoke(rows -> {
                    for (Row row : rows) {
                        denied.putIfAbsent(row.getUUID("sid"), System.nanoTime());
                    }
                })
                .replaceWithVoid();
    }

    private void succeeded(long startedAt) {
        lastPollAt = startedAt;
        failing = false;
    }

    /** One line per outage, not two a second. */
    private void failed(Throwable fault) {
        metrics.pollFailed();
        if (!failing) {
            LOG.warnf("the deny-list is not read: %s", fault);
        }
        failing = true;
    }
}
