package caravan.order.replica;

import caravan.common.messaging.Faults;
import caravan.common.sql.WalPosition;
import caravan.order.replica.Reason.Node;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Where reads are answered. On the replica when it may; one that fails there is asked of the primary, once. What comes back may
 * be older than what was committed last, by {@code caravan.order.replica.most-lag} at most, and never older than the
 * token: good for showing, not for deciding what to write.
 */
@Singleton
public class Reads {

    private record Routed<T>(Seen<List<T>> seen, Reason reason) {}

    private static final Logger LOG = Logger.getLogger(Reads.class);
    private static final String POSITION = "select pg_current_wal_flush_lsn()::text as at";

    /** SQLSTATE class of a statement that was cancelled for what the replica had to replay: the replica itself is well. */
    private static final String CONFLICT = "40";

    private final Pool primary;
    private final Pool replica;
    private final ReplicaWatch watch;
    private final ReplicaMetrics metrics;
    private final ReplicaConfig config;

    Reads(
            Pool primary,
            @ReactiveDataSource("replica") Pool replica,
            ReplicaWatch watch,
            ReplicaMetrics metrics,
            ReplicaConfig config) {
        this.primary = primary;
        this.replica = replica;
        this.watch = watch;
        this.metrics = metrics;
        this.config = config;
    }

    /**
     * All rows.
     *
     * @param token what the answer must have
     */
    public <T> Uni<Seen<List<T>>> read(Select<T> select, List<Object> arguments, Optional<WalPosition> token) {
        return route(select, arguments, token).map(Routed::seen);
    }

    /**
     * One row. Where the replica has none the primary is asked as well: who has just made a thing, and sends no token, is not told that
     * there is no such thing.
     */
    public <T> Uni<Seen<Optional<T>>> find(Select<T> select, List<Object> arguments, Optional<WalPosition> token) {
        return route(select, arguments, token)
                .chain(routed ->
                        routed.seen().value().isEmpty() && routed.reason().node() == Node.REPLICA
                                ? onPrimary(select, arguments, Reason.MISSING)
                                : Uni.createFrom().item(routed))
                .map(Reads::first);
    }

    /** The same, and the newest that there is of it. */
    public <T> Uni<Seen<Optional<T>>> findNewest(Select<T> select, List<Object> arguments) {
        return onPrimary(select, arguments, Reason.NEWEST).map(Reads::first);
    }

    /** Where the primary is: not before anything that anybody has seen by now. */
    public Uni<WalPosition> position() {
        return primary.preparedQuery(POSITION)
                .execute()
                .map(rows -> WalPosition.parse(rows.iterator().next().getString("at")));
    }

    private <T> Uni<Routed<T>> route(Select<T> select, List<Object> arguments, Optional<WalPosition> token) {
        Reason reason = watch.reason(token);
        if (reason == Reason.BEHIND) {
            return watch.reaches(token.orElseThrow())
                    .chain(reached -> reached
                            ? onReplica(select, arguments, token, Reason.WAITED)
                            : onPrimary(select, arguments, Reason.BEHIND));
        }
        return switch (reason.node()) {
            case REPLICA -> onReplica(select, arguments, token, reason);
            case PRIMARY -> onPrimary(select, arguments, reason);
        };
    }

    private <T> Uni<Routed<T>> onPrimary(Select<T> select, List<Object> arguments, Reason reason) {
        return primary.preparedQuery(select.onPrimary())
                .execute(Tuple.tuple(arguments))
                .map(select::answer)
                .map(answer -> answered(answer, reason));
    }

    private <T> Uni<Routed<T>> onReplica(
            Select<T> select, List<Object> arguments, Optional<WalPosition> token, Reason reason) {
        List<Object> all = new ArrayList<>(arguments);
        all.add(token.orElse(WalPosition.START).text());
        return replica.preparedQuery(select.onReplica())
                .execute(Tuple.tuple(all))
                .map(select::answer)
                .ifNoItem()
                .after(config.patience())
                .fail()
                .map(Optional::of)
                .onFailure()
                .recoverWithItem(this::failed)
                .chain(answer -> afterReplica(answer, select, arguments, reason));
    }

    private <T> Uni<Routed<T>> afterReplica(
            Optional<Select.Answer<T>> answer, Select<T> select, List<Object> arguments, Reason reason) {
        if (answer.isEmpty()) {
            return onPrimary(select, arguments, Reason.FAILED);
        }
        return answer.get().rows() == null
                ? onPrimary(select, arguments, Reason.BEHIND)
                : Uni.createFrom().item(answered(answer.get(), reason));
    }

    private <T> Routed<T> answered(Select.Answer<T> answer, Reason reason) {
        if (answer.rows() == null) {
            throw new IllegalStateException("the primary does not know where it is");
        }
        metrics.read(reason);
        return new Routed<>(new Seen<>(answer.rows(), answer.at()), reason);
    }

    private static <T> Seen<Optional<T>> first(Routed<T> routed) {
        return routed.seen().map(rows -> rows.stream().findFirst());
    }

    private <T> Optional<Select.Answer<T>> failed(Throwable fault) {
        if (fault instanceof PgException pg && String.valueOf(pg.getSqlState()).startsWith(CONFLICT)) {
            LOG.debugf("a read on the replica was cancelled: %s", fault.getMessage());
        } else {
            LOG.warnf("a read on the replica failed and is tried on the primary: %s", Faults.describe(fault));
            watch.lost(fault);
        }
        return Optional.empty();
    }
}
