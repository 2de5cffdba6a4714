package caravan.order.replica;

import caravan.common.messaging.Faults;
import caravan.common.sql.WalPosition;
import caravan.order.replica.ReplicaState.Away;
import caravan.order.replica.ReplicaState.InRotation;
import caravan.order.replica.ReplicaState.Lagging;
import caravan.order.replica.ReplicaState.Limits;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at both nodes every so often and keeps what the replica is good for. While reads wait for the replica to get somewhere,
 * it is looked at more often, once for all of them. The state is written on one context; any thread reads it.
 */
@Singleton
class ReplicaWatch {

    private record Waiting(WalPosition token, Context context, UniEmitter<? super Boolean> emitter) {

        void tell(boolean reached) {
            context.runOnContext(_ -> emitter.complete(reached));
        }
    }

    private static final Logger LOG = Logger.getLogger(ReplicaWatch.class);

    private static final String AT_PRIMARY = "select pg_current_wal_flush_lsn()::text as flushed";

    private static final String AT_REPLICA = """
            select pg_last_wal_replay_lsn()::text as replayed, pg_last_xact_replay_timestamp() as committed_at,
              pg_is_in_recovery() and pg_last_wal_receive_lsn() is not null as streams""";

    /** A node that needs so long for so little does not answer. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    /** Each is a request that could as well be on its way to the primary. */
    private static final int MOST_WAITING = 1000;

    private final Pool primary;
    private final Pool replica;
    private final ReplicaConfig config;
    private final Limits limits;
    private final boolean on;
    private final Vertx vertx;
    private final Context context;
    private final Landmarks landmarks = new Landmarks();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean lookingAtPrimary = new AtomicBoolean();
    private final AtomicBoolean lookingAtReplica = new AtomicBoolean();
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private volatile ReplicaState state = new Away("it was not looked at yet");
    private long lookedNs = System.nanoTime();
    private long timer;

    ReplicaWatch(
            Pool primary,
            @ReactiveDataSource("replica") Pool replica,
            @ConfigProperty(name = "caravan.db.replica.host") Optional<String> host,
            ReplicaConfig config,
            ReplicaMetrics metrics,
            Vertx vertx) {
        this.primary = primary;
        this.replica = replica;
        this.config = config;
        this.limits = new Limits(config.mostLag(), config.backAfter());
        this.on = config.enabled() && host.isPresent();
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        if (on) {
            // Where there is none, none is out of the rotation: that would be an alert.
            metrics.watch(this::lagSeconds, () -> state.serves(System.nanoTime(), limits));
        }
    }

    void start(@Observes StartupEvent event) {
        if (on) {
            timer = vertx.setPeriodic(config.lookEvery().toMillis(), _ -> context.runOnContext(_ -> look()));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Why a read with this token is answered where it is. */
    Reason reason(Optional<WalPosition> token) {
        return state.reason(token, System.nanoTime(), limits);
    }

    /** Whether the replica has what the token names within the time that a read waits for it. */
    Uni<Boolean> reaches(WalPosition token) {
        if (config.tokenWait().isZero() || waiting.size() >= MOST_WAITING) {
            return Uni.createFrom().item(false);
        }
        return Uni.createFrom().emitter(emitter -> {
            Waiting one = new Waiting(token, vertx.getOrCreateContext(), emitter);
            long alarm = vertx.setTimer(Math.max(1, config.tokenWait().toMillis()), _ -> one.tell(false));
            emitter.onTermination(() -> {
                vertx.cancelTimer(alarm);
                waiting.remove(one);
            });
            waiting.add(one);
            context.runOnContext(_ -> lookSoon());
        });
    }

    /** A read found it gone: nobody else has to, until a look finds it back. */
    void lost(Throwable fault) {
        context.runOnContext(_ -> become(new Away(Faults.describe(fault))));
    }

    private void look() {
        lookAtPrimary();
        lookAtReplica();
    }

    private void lookAtPrimary() {
        if (lookingAtPrimary.compareAndSet(false, true)) {
            long askedNs = System.nanoTime();
            ask(primary, AT_PRIMARY)
                    .onTermination()
                    .invoke(() -> lookingAtPrimary.set(false))
                    // While it is away, what it said last is the measure, and whoever needs it will say so.
                    .subscribe()
                    .with(row -> landmarks.primaryAt(WalPosition.parse(row.getString("flushed")), askedNs), _ -> {});
        }
    }

    private void lookAtReplica() {
        if (lookingAtReplica.compareAndSet(false, true)) {
            lookedNs = System.nanoTime();
            ask(replica, AT_REPLICA)
                    .onTermination()
                    .invoke(() -> lookingAtReplica.set(false))
                    .subscribe()
                    .with(this::seen, fault -> become(new Away(Faults.describe(fault))));
        }
    }

    private Uni<Row> ask(Pool pool, String sql) {
        return pool.preparedQuery(sql)
                .execute()
                .map(rows -> rows.iterator().next())
                .ifNoItem()
                .after(LONGEST_LOOK)
                .fail()
                .emitOn(work -> context.runOnContext(_ -> work.run()));
    }

    private void seen(Row row) {
        if (!Boolean.TRUE.equals(row.getBoolean("streams"))) {
            become(new Away("it receives nothing from a primary"));
            return;
        }
        WalPosition replayed = WalPosition.parse(row.getString("replayed"));
        long nowNs = System.nanoTime();
        landmarks
                .lag(replayed, nowNs, age(row.getOffsetDateTime("committed_at")))
                .ifPresent(lag -> become(state.seen(replayed, lag, nowNs, limits)));
        tellWaiting();
    }

    private static Optional<Duration> age(@Nullable OffsetDateTime committedAt) {
        return Optional.ofNullable(committedAt).map(at -> Duration.between(at.toInstant(), Instant.now()));
    }

    private void tellWaiting() {
        for (Waiting one : waiting) {
            switch (reason(Optional.of(one.token()))) {
                case REPLAYED -> one.tell(true);
                case BEHIND -> lookSoon();
                case ANY, WAITED, NEWEST, LAGGING, AWAY, MISSING, FAILED -> one.tell(false);
            }
        }
    }

    /** At once, unless the last look has just been: so many who wait are one look, and few are no more. */
    private void lookSoon() {
        long left = config.tokenLookEvery().toMillis()
                - Duration.ofNanos(System.nanoTime() - lookedNs).toMillis();
        if (left <= 0) {
            lookAtReplica();
        } else if (lookingSoon.compareAndSet(false, true)) {
            vertx.setTimer(
                    left,
                    _ -> context.runOnContext(_ -> {
                        lookingSoon.set(false);
                        lookAtReplica();
                    }));
        }
    }

    private void become(ReplicaState next) {
        if (state.getClass() != next.getClass()) {
            LOG.info(news(state, next));
        }
        state = next;
        if (next instanceof Away) {
            waiting.forEach(one -> one.tell(false));
        }
    }

    private static String news(ReplicaState before, ReplicaState next) {
        return switch (next) {
            case InRotation _ -> "reads go to the replica";
            case Lagging(Duration lag, OptionalLong _)
            when before instanceof Away -> "the replica answers, " + lag.toMillis() + " ms behind";
            case Lagging(Duration lag, OptionalLong _) ->
                "reads go to the primary: the replica is " + lag.toMillis() + " ms behind";
            case Away(String why) -> "reads go to the primary, the replica is away: " + why;
        };
    }

    private double lagSeconds() {
        return state.lag().map(lag -> lag.toNanos() / 1e9).orElse(Double.NaN);
    }
}
