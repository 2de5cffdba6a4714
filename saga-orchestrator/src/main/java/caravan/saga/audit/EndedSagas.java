package caravan.saga.audit;

import caravan.audit.OrderFacts.Saga;
import caravan.audit.Question;
import caravan.common.audit.Rows;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sagas in the order in which they ended, each taken once by one replica. A page that is taken by a process that dies is lost: the
 * services' own looks go over everything again and again, and {@code ./caravan audit} does.
 */
@Singleton
class EndedSagas {

    private static final String PROGRESS = "select ended_at, saga_id from audit_progress for update skip locked";

    static final String PAGE = """
            select id, order_id, ended_at from sagas
            where ended_at is not null and ended_at >= $1 and ended_at < $3 and (ended_at, id) > ($1, $2)
            order by ended_at, id limit $4""";

    /** Beyond this it does not matter how many, and counting them would be the next load. */
    static final String SKIPPED = """
            select count(*) as sagas from (
              select from sagas where ended_at is not null and ended_at >= $1 and ended_at < $2 limit 100000) s""";

    private static final String ADVANCE = "update audit_progress set ended_at = $1, saga_id = $2";

    private static final UUID FIRST = new UUID(0, 0);

    /**
     * @param orders of the sagas, each once
     * @param skipped sagas that are passed over, because they ended too long ago
     */
    record Page(List<UUID> orders, long skipped) {

        static final Page NONE = new Page(List.of(), 0);
    }

    /** Of one order. */
    record Sagas(@Nullable Saga placing, @Nullable Saga cancelling) {

        static final Sagas NONE = new Sagas(null, null);
    }

    private record Place(OffsetDateTime endedAt, UUID saga) {}

    private final Pool pool;

    EndedSagas(Pool pool) {
        this.pool = pool;
    }

    /**
     * Takes the next page; empty where there is none, or another replica is at it.
     *
     * @param from who ended before is passed over
     * @param until who ended later is for another time
     */
    Uni<Page> take(Instant from, Instant until, int limit) {
        return Transactions.run(
                pool,
                tx -> tx.query(PROGRESS)
                        .execute()
                        .chain(rows -> rows.size() == 0
                                ? Uni.createFrom().item(Writes.none(Page.NONE))
                                : take(tx, place(rows.iterator().next(), "saga_id"), utc(from), utc(until), limit)));
    }

    private static Uni<Writes<Page>> take(
            SqlConnection tx, Place at, OffsetDateTime from, OffsetDateTime until, int limit) {
        if (at.endedAt().isBefore(from)) {
            Tuple passed = Tuple.of(at.endedAt(), from);
            return tx.preparedQuery(SKIPPED)
                    .execute(passed)
                    .chain(rows -> page(
                            tx,
                            new Place(from, FIRST),
                            until,
                            limit,
                            rows.iterator().next().getLong("sagas")));
        }
        return page(tx, at, until, limit, 0);
    }

    private static Uni<Writes<Page>> page(SqlConnection tx, Place at, OffsetDateTime until, int limit, long skipped) {
        return tx.preparedQuery(PAGE)
                .execute(Tuple.of(at.endedAt(), at.saga(), until, limit))
                .map(rows -> {
                    Set<UUID> orders = new LinkedHashSet<>();
                    Place last = at;
                    for (Row row : rows) {
                        orders.add(row.getUUID("order_id"));
                        last = place(row, "id");
                    }
                    Uni<Void> advance = tx.preparedQuery(ADVANCE)
                            .execute(Tuple.of(last.endedAt(), last.saga()))
                            .replaceWithVoid();
                    return new Writes<>(
                            new Page(List.copyOf(orders), skipped),
                            rows.size() == 0 && skipped == 0 ? List.of() : List.of(advance));
                });
    }

    /** What there is now of these orders' sagas. */
    Uni<Map<UUID, Sagas>> of(List<UUID> orders) {
        return Uni.combine()
                .all()
                .unis(
                        Rows.byId(pool, Question.SAGAS, orders, Rows::saga),
                        Rows.byId(pool, Question.CANCELS, orders, Rows::cancel))
                .asTuple()
                .map(found -> together(orders, found.getItem1(), found.getItem2()));
    }

    private static Map<UUID, Sagas> together(List<UUID> orders, Map<UUID, Saga> placing, Map<UUID, Saga> cancelling) {
        Map<UUID, Sagas> all = new HashMap<>();
        orders.forEach(order -> all.put(order, new Sagas(placing.get(order), cancelling.get(order))));
        return all;
    }

    private static Place place(Row row, String id) {
        return new Place(row.getOffsetDateTime("ended_at"), row.getUUID(id));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
