package caravan.saga.ops;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What sagas have done lately, from committed rows: the same whichever replica is asked, and nobody has to keep count for it. */
@Singleton
class FleetReads {

    /** Ends that one look reads: a minute of 300 orders a second. Beyond it the newest are enough to tell the pace. */
    private static final int MOST_READ = 20_000;

    /** More would only scroll by. */
    private static final int MOST_CHANGES = 50;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Another replica's clock may have told where it began: none takes less than nothing. */
    private static final String ENDS = """
            from (select ended_at, phase, greatest(0, extract(epoch from ended_at - started_at) * 1000)::bigint as took
              from sagas where ended_at >= $1 order by ended_at desc limit %d) e""".formatted(MOST_READ);

    static final String BY_TEN_SECONDS = """
            select date_bin('10 seconds', ended_at, timestamptz 'epoch') as began, count(*) as ended,
              count(*) filter (where phase = 'COMPENSATED') as undone,
              percentile_disc(array[0.5, 0.99]) within group (order by took) as took
            """ + ENDS + " group by 1 order by 1";

    static final String LAST_MINUTE = """
            select count(*) as ended, min(ended_at) as since,
              percentile_disc(array[0.5, 0.99]) within group (order by took) as took
            """ + ENDS;

    static final String CHANGES = """
            (select id, version, phase, step from sagas where check_at is not null and step_started_at > $1 limit %1$d)
            union all
            (select id, version, phase, step from sagas where phase = 'STUCK' and step_started_at > $1 limit %1$d)
            union all
            (select id, version, phase, step from sagas where ended_at > $1 order by ended_at desc limit %1$d)""".formatted(MOST_CHANGES + 1);

    /**
     * What ended within the last minute. Without an end there is no duration.
     *
     * @param endedPerSecond of all sagas, orders and cancellations
     */
    record LastMinute(
            long ended,
            double endedPerSecond,
            @Nullable Long p50Ms,
            @Nullable Long p99Ms) {}

    /** Where a saga stands that has moved. {@code version}: with its id it names the move. */
    record Change(
            String id, int version, String phase, @Nullable String step) {}

    /** @param more others have moved, too */
    record Changes(List<Change> items, boolean more) {}

    private final Pool pool;
    private final Pace pace = new Pace();

    FleetReads(Pool pool) {
        this.pool = pool;
    }

    Uni<List<Pace.Bucket>> pace(Instant now) {
        return pool.preparedQuery(BY_TEN_SECONDS)
                .execute(Tuple.of(utc(pace.unread(now))))
                .map(rows -> pace.learn(buckets(rows), now));
    }

    Uni<LastMinute> lastMinute(Instant now) {
        return pool.preparedQuery(LAST_MINUTE)
                .execute(Tuple.of(utc(now.minus(MINUTE))))
                .map(rows -> lastMinute(rows.iterator().next(), now));
    }

    /** Those that have moved since then. */
    Uni<Changes> changes(Instant since) {
        return pool.preparedQuery(CHANGES).execute(Tuple.of(utc(since))).map(rows -> {
            List<Change> found = new ArrayList<>();
            rows.forEach(row -> found.add(new Change(
                    row.getUUID("id").toString(),
                    row.getInteger("version"),
                    row.getString("phase"),
                    row.getString("step"))));
            return new Changes(
                    List.copyOf(found.subList(0, Math.min(found.size(), MOST_CHANGES))), found.size() > MOST_CHANGES);
        });
    }

    /** When there were too many to read them all, the oldest ten seconds are not whole. */
    private static List<Pace.Bucket> buckets(RowSet<Row> rows) {
        List<Pace.Bucket> read = new ArrayList<>();
        rows.forEach(row -> read.add(bucket(row)));
        long ended = read.stream().mapToLong(Pace.Bucket::ended).sum();
        return ended < MOST_READ ? read : read.subList(1, read.size());
    }

    private static Pace.Bucket bucket(Row row) {
        Long[] took = row.getArrayOfLongs("took");
        return new Pace.Bucket(
                row.getOffsetDateTime("began").toInstant(),
                row.getLong("ended"),
                row.getLong("undone"),
                took[0],
                took[1]);
    }

    private static LastMinute lastMinute(Row row, Instant now) {
        long ended = row.getLong("ended");
        OffsetDateTime since = row.getOffsetDateTime("since");
        if (since == null) {
            return new LastMinute(0, 0, null, null);
        }
        Duration read = ended < MOST_READ ? MINUTE : Duration.between(since.toInstant(), now);
        Long[] took = row.getArrayOfLongs("took");
        return new LastMinute(ended, ended * 1000.0 / Math.max(1, read.toMillis()), took[0], took[1]);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
