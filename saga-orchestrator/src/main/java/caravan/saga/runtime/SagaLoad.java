package caravan.saga.runtime;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How many sagas are open and how fast they end, for the gateway, which refuses orders that would end too late. Both are
 * the whole fleet's, whichever replica is asked: ended is what was begun less what has become open, and how many were ever
 * begun PostgreSQL counts by itself. Its count may come a second late, so the rate is smoothed.
 */
@Singleton
class SagaLoad {

    /** Beyond this it does not matter how many, and counting them would be the next load. */
    private static final int MOST_COUNTED = 20_000;

    static final String COUNT = """
            select (select count(*) from (select 1 from sagas where check_at is not null limit %d) o) as open,
                   pg_stat_get_tuples_inserted('sagas'::regclass) as begun""".formatted(MOST_COUNTED);

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TOO_OLD = Duration.ofSeconds(10);

    /** What was counted at one time. */
    record Sample(Instant at, long open, long begun) {}

    /** @param smoothed ends a second over about five seconds; below 0 for a moment when the count of begun ones comes late */
    record Load(Sample last, double smoothed) {

        private static final double WEIGHT_OF_A_SECOND = 0.2;

        double endedPerSecond() {
            return Math.max(0, smoothed);
        }

        Load next(Sample now) {
            double seconds = Duration.between(last.at, now.at).toMillis() / 1000.0;
            long ended = now.begun - last.begun - (now.open - last.open);
            if (seconds <= 0 || now.begun < last.begun) {
                // PostgreSQL forgets its counts in a crash.
                return new Load(now, smoothed);
            }
            double weight = Math.min(1, seconds * WEIGHT_OF_A_SECOND);
            return new Load(now, smoothed + (ended / seconds - smoothed) * weight);
        }
    }

    private final Pool pool;
    private volatile Load load = new Load(new Sample(Instant.MIN, 0, 0), 0);

    SagaLoad(Pool pool) {
        this.pool = pool;
    }

    /** Counts, at most once a second. */
    Uni<Void> measure(Instant now) {
        Load before = load;
        if (before.last.at.isAfter(now.minus(EVERY))) {
            return Uni.createFrom().voidItem();
        }
        return pool.query(COUNT)
                .execute()
                .invoke(rows -> {
                    Row row = rows.iterator().next();
                    learn(before, new Sample(now, row.getLong("open"), row.getLong("begun")));
                })
                .replaceWithVoid();
    }

    /** Empty while the database is away: then nobody knows. */
    Optional<Load> current(Instant now) {
        Load current = load;
        return current.last.at.isAfter(now.minus(TOO_OLD)) ? Optional.of(current) : Optional.empty();
    }

    private void learn(Load before, Sample now) {
        load = before.last.at.equals(Instant.MIN) ? new Load(now, 0) : before.next(now);
    }
}
