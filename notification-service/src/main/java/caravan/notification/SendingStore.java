package caravan.notification;

import caravan.common.messaging.TraceContext;
import caravan.notification.Claim.Settled;
import caravan.notification.Verdict.Again;
import caravan.notification.Verdict.Failed;
import caravan.notification.Verdict.Sent;
import caravan.notification.Verdict.Uncertain;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table as the sender sees it. Each method is one statement and one commit; several replicas may call them. */
@Singleton
class SendingStore {

    static final String CLAIM = """
            with due as (
                select order_id, kind from confirmations where state = 'PENDING' and next_try_at <= now()
                order by next_try_at limit $1 for update skip locked)
            update confirmations c
            set state = 'SENDING', attempts = c.attempts + 1, leased_until = now() + $2 * interval '1 millisecond'
            from due where c.order_id = due.order_id and c.kind = due.kind
            returning c.kind, c.attempts, c.content::text as content, c.traceparent""";

    /**
     * SENT is final. A claim whose lease has ended meanwhile may still say what it knows: that beats UNCERTAIN. It may not
     * speak for a later claim of the same row.
     */
    private static final String SETTLE = """
            update confirmations c
            set state = k.state, last_error = k.reason, leased_until = null,
                next_try_at = now() + k.wait_ms * interval '1 millisecond',
                sent_at = case when k.state = 'SENT' then now() end
            from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::text[])
              as k (order_id, kind, attempt, state, wait_ms, reason)
            where c.order_id = k.order_id and c.kind = k.kind and c.state in ('SENDING', 'UNCERTAIN')
              and (c.attempts = k.attempt or k.state = 'SENT')""";

    static final String EXPIRE = """
            with dead as (
                select order_id, kind from confirmations where state = 'SENDING' and leased_until < now()
                for update skip locked)
            update confirmations c set state = 'UNCERTAIN', leased_until = null, last_error = 'the sender died'
            from dead where c.order_id = dead.order_id and c.kind = dead.kind
            returning c.order_id""";

    static final String RESEND = """
            update confirmations set state = 'PENDING', next_try_at = now()
            where state = 'UNCERTAIN' and attempts < $1""";

    static final String COUNT = "select state, count(*) as n from confirmations where state <> 'SENT' group by state";

    private final Pool pool;

    SendingStore(Pool pool) {
        this.pool = pool;
    }

    Uni<List<Claim>> claim(int limit, Duration lease) {
        return pool.preparedQuery(CLAIM)
                .execute(Tuple.of(limit, lease.toMillis()))
                .map(rows -> list(
                        rows,
                        row -> new Claim(
                                row.getInteger("attempts"),
                                Kind.valueOf(row.getString("kind")).read(row.getString("content")),
                                new TraceContext(row.getString("traceparent"), null, null))));
    }

    Uni<Void> settle(List<Settled> ended) {
        Tuple rows = Tuple.of(
                ended.stream().map(end -> end.claim().orderId()).toArray(UUID[]::new),
                ended.stream().map(end -> end.claim().kind().name()).toArray(String[]::new),
                ended.stream().map(end -> end.claim().attempt()).toArray(Integer[]::new),
                ended.stream().map(end -> end.verdict().state().name()).toArray(String[]::new),
                ended.stream().map(end -> waitMs(end.verdict())).toArray(Long[]::new),
                ended.stream().map(end -> reason(end.verdict())).toArray(String[]::new));
        return pool.preparedQuery(SETTLE).execute(rows).replaceWithVoid();
    }

    /** The orders whose mail became UNCERTAIN. */
    Uni<List<UUID>> expire() {
        return pool.preparedQuery(EXPIRE).execute().map(rows -> list(rows, row -> row.getUUID("order_id")));
    }

    Uni<Void> resendUncertain(int attempts) {
        return pool.preparedQuery(RESEND).execute(Tuple.of(attempts)).replaceWithVoid();
    }

    /** How many are in each state but SENT. */
    Uni<Map<State, Long>> count() {
        return pool.preparedQuery(COUNT).execute().map(rows -> {
            Map<State, Long> counts = new EnumMap<>(State.class);
            for (Row row : rows) {
                counts.put(State.valueOf(row.getString("state")), row.getLong("n"));
            }
            return counts;
        });
    }

    private static long waitMs(Verdict verdict) {
        return verdict instanceof Again again ? again.delay().toMillis() : 0;
    }

    private static @Nullable String reason(Verdict verdict) {
        return switch (verdict) {
            case Sent _ -> null;
            case Again again -> again.reason();
            case Failed failed -> failed.reason();
            case Uncertain uncertain -> uncertain.reason();
        };
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> of) {
        List<T> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(of.apply(row)));
        return all;
    }
}
