package caravan.saga.runtime;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** How many sagas are under way, stuck or late: the whole fleet's, from committed rows, by the statements that the meters use. */
@Singleton
public class Census {

    /**
     * What was counted.
     *
     * @param open sagas under way, by definition; at most 20,000 are counted
     * @param stuck those that wait for an operator
     * @param orphans open ones that are overdue by more than two sweeps: must be 0 (rule 7)
     */
    public record Counts(Map<String, Long> open, long stuck, long orphans) {}

    private final Pool pool;
    private final SagaConfig config;

    Census(Pool pool, SagaConfig config) {
        this.pool = pool;
        this.config = config;
    }

    public Uni<Counts> take(Instant now) {
        Instant late = now.minus(config.sweepEvery().multipliedBy(2));
        return pool.query(SagaMetrics.OPEN)
                .execute()
                .chain(open -> pool.preparedQuery(DeadlineSweeper.WATCH)
                        .execute(Tuple.of(late.atOffset(ZoneOffset.UTC)))
                        .map(rows -> counts(open, rows.iterator().next())));
    }

    private static Counts counts(RowSet<Row> open, Row watched) {
        return new Counts(SagaMetrics.byName(open), watched.getLong("stuck"), watched.getLong("orphans"));
    }
}
