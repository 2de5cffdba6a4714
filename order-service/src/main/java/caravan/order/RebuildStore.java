package caravan.order;

import caravan.common.messaging.Json;
import caravan.common.sql.Columns;
import caravan.order.Mending.Kept;
import caravan.order.Mending.Told;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where a rebuild keeps what it has of the views while it reads, which may be more than fits into memory; and its progress, of
 * which any replica can tell. A statement for many rows each, none of them longer than a batch of the projection.
 */
@Singleton
class RebuildStore {

    enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /** @param abandoned its process has not been heard of for so long that another may begin */
    record Rebuild(State state, Instant startedAt, boolean abandoned, RebuildProgress progress) {}

    /** A view that is to take the place of the version that was looked at. */
    record Replacement(Told told, int version) {}

    /** It says something every second or two. */
    private static final Duration ABANDONED_AFTER = Duration.ofSeconds(30);

    private static final String TAKE = """
            insert into view_rebuilds as r (run, state, started_at, seen_at, progress)
            values ($1, 'RUNNING', now(), now(), $2)
            on conflict (id) do update
              set run = excluded.run, state = 'RUNNING', started_at = now(), seen_at = now(), progress = excluded.progress
              where r.state <> 'RUNNING' or r.seen_at < now() - $3::int * interval '1 second'
            returning run""";

    private static final String TELL = """
            update view_rebuilds set state = $2, seen_at = now(), progress = $3
            where run = $1 and state = 'RUNNING' returning run""";

    private static final String LAST = """
            select state, started_at, progress,
              state = 'RUNNING' and seen_at < now() - $1::int * interval '1 second' as abandoned from view_rebuilds""";

    private static final String PLACE = """
            insert into rebuilt_views (order_id, customer_id, document)
            select * from unnest($1::uuid[], $2::uuid[], $3::text[]) on conflict do nothing""";

    private static final String TOLD =
            "select customer_id, document from rebuilt_views where order_id = any($1::uuid[])";

    private static final String ADVANCE = """
            update rebuilt_views r set document = t.document, is_open = true
            from unnest($1::uuid[], $2::text[]) as t (order_id, document) where r.order_id = t.order_id""";

    private static final String OPEN = """
            select customer_id, document from rebuilt_views where is_open and order_id > $1 order by order_id limit $2""";

    private static final String KEPT = """
            select order_id, customer_id, status, sequence, version, created_at, started, document from order_views
            where order_id = any($1::uuid[])""";

    /** A view of no order would be one too many. */
    private static final String INSERT = """
            insert into order_views
              (order_id, customer_id, status, sequence, version, created_at, started, announced_at, document)
            select v.order_id, v.customer_id, v.status, v.sequence, $1::int, v.created_at, v.sequence > 0, v.created_at,
              v.document
            from unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::timestamptz[], $7::text[])
              as v (order_id, customer_id, status, sequence, created_at, document)
            where exists (select from orders o where o.id = v.order_id)
            on conflict do nothing
            returning order_id""";

    private static final String REPLACE = """
            update order_views v
            set customer_id = t.customer_id, status = t.status, sequence = t.sequence, version = v.version + 1,
              created_at = t.created_at, started = v.started or t.sequence > 0, document = t.document
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::text[], $7::int[])
              as t (order_id, customer_id, status, sequence, created_at, document, version)
            where v.order_id = t.order_id and v.version = t.version
            returning v.order_id""";

    private static final String CLOSE = """
            update rebuilt_views set is_open = false, is_mended = is_mended or $1::boolean
            where order_id = any($2::uuid[])""";

    private static final String TALLY = """
            select count(*) as orders, count(*) filter (where is_mended) as mended,
              count(*) filter (where not is_mended and not is_open) as equal from rebuilt_views""";

    private static final String NOT_IN_TOPICS = """
            select (select count(*) from order_views where order_id < $1)
              - (select count(*) from rebuilt_views where order_id < $1) as views""";

    private final Pool pool;

    RebuildStore(Pool pool) {
        this.pool = pool;
    }

    /** Whether this run may begin: there is one at a time, whatever the number of processes. */
    Uni<Boolean> take(UUID run) {
        Tuple arguments = Tuple.of(run, Json.text(RebuildProgress.NONE), (int) ABANDONED_AFTER.toSeconds());
        return pool.preparedQuery(TAKE).execute(arguments).map(rows -> rows.rowCount() == 1);
    }

    /** False when the run is not this process' any more. */
    Uni<Boolean> tell(UUID run, State state, RebuildProgress progress) {
        return pool.preparedQuery(TELL)
                .execute(Tuple.of(run, state.name(), Json.text(progress)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The one that runs, or ran last. */
    Uni<Optional<Rebuild>> last() {
        return pool.preparedQuery(LAST)
                .execute(Tuple.of((int) ABANDONED_AFTER.toSeconds()))
                .map(rows -> rows.stream().findFirst().map(RebuildStore::rebuild));
    }

    private static Rebuild rebuild(Row row) {
        return new Rebuild(
                State.valueOf(row.getString("state")),
                row.getOffsetDateTime("started_at").toInstant(),
                row.getBoolean("abandoned"),
                Json.read(row.getString("progress"), RebuildProgress.class));
    }

    Uni<Void> clear() {
        return pool.query("truncate rebuilt_views").execute().replaceWithVoid();
    }

    /** Orders as they were placed; what is known of them already stays. */
    Uni<Void> place(List<Told> placed) {
        Tuple rows = Columns.of(placed)
                .uuid(Told::id)
                .uuid(Told::customer)
                .text(told -> Json.text(told.view()))
                .tuple();
        return placed.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(PLACE).execute(rows).replaceWithVoid();
    }

    Uni<List<Told>> told(Set<UUID> orders) {
        return pool.preparedQuery(TOLD).execute(ids(orders)).map(RebuildStore::told);
    }

    /** What more is told of them is to be compared again. */
    Uni<Void> advance(List<OrderView> views) {
        Tuple rows = Columns.of(views).uuid(OrderView::id).text(Json::text).tuple();
        return views.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(ADVANCE).execute(rows).replaceWithVoid();
    }

    /** Those that are to be compared, in the order of their ids. */
    Uni<List<Told>> open(UUID after, int most) {
        return pool.preparedQuery(OPEN).execute(Tuple.of(after, most)).map(RebuildStore::told);
    }

    Uni<Map<UUID, Kept>> kept(Set<UUID> orders) {
        return pool.preparedQuery(KEPT).execute(ids(orders)).map(rows -> {
            Map<UUID, Kept> kept = new HashMap<>();
            rows.forEach(row -> kept.put(row.getUUID("order_id"), kept(row)));
            return kept;
        });
    }

    /** Gives those that are there now by this. */
    Uni<Set<UUID>> insert(List<Told> missing, int version) {
        Tuple rows = Columns.after(version, missing)
                .uuid(Told::id)
                .uuid(Told::customer)
                .text(told -> told.view().status().name())
                .number(told -> told.view().sequence())
                .time(told -> told.view().createdAt())
                .text(told -> Json.text(told.view()))
                .tuple();
        return missing.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : pool.preparedQuery(INSERT).execute(rows).map(RebuildStore::written);
    }

    /** Gives those that nobody has changed meanwhile: they are replaced, by a higher version. */
    Uni<Set<UUID>> replace(List<Replacement> wrong) {
        Tuple rows = Columns.of(wrong)
                .uuid(one -> one.told().id())
                .uuid(one -> one.told().customer())
                .text(one -> one.told().view().status().name())
                .number(one -> one.told().view().sequence())
                .time(one -> one.told().view().createdAt())
                .text(one -> Json.text(one.told().view()))
                .number(Replacement::version)
                .tuple();
        return wrong.isEmpty()
                ? Uni.createFrom().item(Set.of())
                : pool.preparedQuery(REPLACE).execute(rows).map(RebuildStore::written);
    }

    /** They are as they should be, until more is told of them. */
    Uni<Void> close(Set<UUID> orders, boolean mended) {
        Tuple rows = Columns.after(mended, List.copyOf(orders)).uuid(id -> id).tuple();
        return orders.isEmpty()
                ? Uni.createFrom().voidItem()
                : pool.preparedQuery(CLOSE).execute(rows).replaceWithVoid();
    }

    Uni<RebuildProgress.Tally> tally() {
        return pool.query(TALLY).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new RebuildProgress.Tally(row.getLong("orders"), row.getLong("equal"), row.getLong("mended"));
        });
    }

    /** How many views are older than {@code end} and were not told. Ids of orders grow with time. */
    Uni<Long> notInTopics(UUID end) {
        return pool.preparedQuery(NOT_IN_TOPICS)
                .execute(Tuple.of(end))
                .map(rows -> Math.max(0, rows.iterator().next().getLong("views")));
    }

    private static Tuple ids(Set<UUID> orders) {
        return Columns.of(List.copyOf(orders)).uuid(id -> id).tuple();
    }

    private static List<Told> told(RowSet<Row> rows) {
        List<Told> told = new ArrayList<>();
        rows.forEach(row ->
                told.add(new Told(row.getUUID("customer_id"), Json.read(row.getString("document"), OrderView.class))));
        return told;
    }

    private static Kept kept(Row row) {
        return new Kept(
                row.getUUID("customer_id"),
                row.getString("status"),
                row.getInteger("sequence"),
                row.getInteger("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getBoolean("started"),
                row.getString("document"));
    }

    private static Set<UUID> written(RowSet<Row> rows) {
        Set<UUID> written = new HashSet<>();
        rows.forEach(row -> written.add(row.getUUID("order_id")));
        return written;
    }
}
