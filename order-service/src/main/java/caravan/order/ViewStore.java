package caravan.order;

import caravan.common.contract.SagaAdvanced;
import caravan.common.messaging.Json;
import caravan.common.sql.Columns;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The read model's rows, on the primary. What the API answers lies there ready: reading an order decodes nothing and joins
 * nothing. Who shows it to somebody reads it through {@link ViewReads}.
 */
@Singleton
class ViewStore {

    /** A view as it is stored: {@code document} is the JSON of an {@link OrderView}. */
    record Stored(UUID id, Instant createdAt, int version, String document) {

        OrderView view() {
            return Json.read(document, OrderView.class);
        }
    }

    private record Loaded(OrderView view, int version) {}

    /** Longer than an order is under way when nothing holds it up. */
    private static final Duration RECENT = Duration.ofSeconds(30);

    private static final String INSERT = """
            insert into order_views
              (order_id, customer_id, status, sequence, version, created_at, started, announced_at, document)
            select v.order_id, v.customer_id, v.status, 0, 1, v.created_at, false, v.created_at, v.document
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[])
              as v (order_id, customer_id, status, created_at, document)""";

    private static final String LOCK = """
            select order_id, version, document from order_views
            where order_id = any($1::uuid[]) order by order_id for update""";

    private static final String LOAD =
            "select order_id, version, document from order_views where order_id = any($1::uuid[])";

    /** Of each view only the version after the one it was folded from. */
    private static final String UPDATE = """
            update order_views v
            set status = c.status, sequence = c.sequence, version = c.version, started = true, document = c.document
            from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[])
              as c (order_id, status, sequence, version, document)
            where v.order_id = c.order_id and v.version = c.version - 1
            returning v.order_id""";

    static final String NEWER = """
            select v.order_id, v.created_at, v.version, v.document
            from unnest($1::uuid[], $2::int[]) as k (order_id, version)
            join order_views v on v.order_id = k.order_id and v.version > k.version""";

    /** Not started: a request is no event of the saga. */
    private static final String FLAG =
            "update order_views set version = version + 1, document = $2 where order_id = $1";

    /** Somebody else changed the same views each time: two replicas during a rebalance, a customer who cancels. */
    private static final int MOST_ROUNDS = 10;

    private final Pool pool;

    /**
     * Views of orders under way as they were written last, so that an event costs one statement. A guess: whoever changes a
     * view gives it a new version, and what was folded from an old one is not written.
     */
    private final Cache<UUID, Loaded> recent =
            Caffeine.newBuilder().maximumSize(4096).expireAfterWrite(RECENT).build();

    ViewStore(Pool pool) {
        this.pool = pool;
    }

    /** These orders' first views are committed. */
    void accepted(List<Order> orders) {
        orders.forEach(order -> recent.put(order.id(), new Loaded(order.view(), 1)));
    }

    /** The first version of each order's view, in the transaction that accepts it. */
    static Uni<Void> insert(SqlConnection tx, List<Order> orders) {
        Tuple rows = Columns.of(orders)
                .uuid(Order::id)
                .uuid(order -> order.customer().id())
                .text(_ -> OrderStatus.PENDING.name())
                .time(Order::placedAt)
                .text(order -> Json.text(order.view()))
                .tuple();
        return tx.preparedQuery(INSERT).execute(rows).replaceWithVoid();
    }

    /** Notes in the order's view, in the transaction that decides so, that it is to be cancelled. */
    static Uni<Void> cancelRequested(SqlConnection tx, UUID order, Instant at) {
        return tx.preparedQuery(LOCK)
                .execute(Columns.of(List.of(order)).uuid(id -> id).tuple())
                .chain(rows -> {
                    OrderView view = Objects.requireNonNull(loaded(rows).get(order), "an order without a view")
                            .view()
                            .cancelRequested(at);
                    return tx.preparedQuery(FLAG).execute(Tuple.of(order, Json.text(view)));
                })
                .replaceWithVoid();
    }

    /** The views, among these, that have grown beyond the version which is known. */
    Uni<List<Stored>> newer(Map<UUID, Integer> known) {
        Tuple rows = Columns.of(List.copyOf(known.entrySet()))
                .uuid(Map.Entry::getKey)
                .number(Map.Entry::getValue)
                .tuple();
        return pool.preparedQuery(NEWER).execute(rows).map(ViewStore::stored);
    }

    /** Folds events into their views with one write for all. Gives the events whose order is not here. */
    Uni<List<SagaAdvanced>> fold(List<SagaAdvanced> events) {
        return fold(events, 1);
    }

    private Uni<List<SagaAdvanced>> fold(List<SagaAdvanced> events, int round) {
        return known(events).chain(before -> {
            SortedMap<UUID, OrderView> after = new TreeMap<>();
            before.forEach((id, loaded) -> after.put(id, loaded.view()));
            events.forEach(event -> after.computeIfPresent(event.orderId(), (_, view) -> view.apply(event)));
            List<SagaAdvanced> unknown = events.stream()
                    .filter(event -> !after.containsKey(event.orderId()))
                    .toList();
            return update(changes(before, after)).chain(outdated -> {
                if (outdated.isEmpty()) {
                    return Uni.createFrom().item(unknown);
                }
                if (round == MOST_ROUNDS) {
                    throw new IllegalStateException("views change faster than they can be folded: " + outdated);
                }
                List<SagaAdvanced> again = events.stream()
                        .filter(event -> outdated.contains(event.orderId()))
                        .toList();
                return fold(again, round + 1).replaceWith(unknown);
            });
        });
    }

    private Uni<Map<UUID, Loaded>> known(List<SagaAdvanced> events) {
        Set<UUID> ids = events.stream().map(SagaAdvanced::orderId).collect(Collectors.toSet());
        Map<UUID, Loaded> remembered = recent.getAllPresent(ids);
        List<UUID> others =
                ids.stream().filter(id -> !remembered.containsKey(id)).toList();
        if (others.isEmpty()) {
            return Uni.createFrom().item(remembered);
        }
        return pool.preparedQuery(LOAD)
                .execute(Columns.of(others).uuid(id -> id).tuple())
                .map(rows -> {
                    Map<UUID, Loaded> all = new HashMap<>(remembered);
                    all.putAll(loaded(rows));
                    return all;
                });
    }

    private static Map<UUID, Loaded> loaded(RowSet<Row> rows) {
        Map<UUID, Loaded> loaded = new LinkedHashMap<>();
        for (Row row : rows) {
            OrderView view = Json.read(row.getString("document"), OrderView.class);
            loaded.put(row.getUUID("order_id"), new Loaded(view, row.getInteger("version")));
        }
        return loaded;
    }

    private static List<Loaded> changes(Map<UUID, Loaded> before, SortedMap<UUID, OrderView> after) {
        List<Loaded> changes = new ArrayList<>();
        after.forEach((id, view) -> {
            Loaded old = Objects.requireNonNull(before.get(id));
            if (!view.equals(old.view())) {
                changes.add(new Loaded(view, old.version() + 1));
            }
        });
        return changes;
    }

    /** They come in the order of their ids. Gives those that somebody else has changed meanwhile. */
    private Uni<Set<UUID>> update(List<Loaded> changes) {
        if (changes.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        Tuple rows = Columns.of(changes)
                .uuid(change -> change.view().id())
                .text(change -> change.view().status().name())
                .number(change -> change.view().sequence())
                .number(Loaded::version)
                .text(change -> Json.text(change.view()))
                .tuple();
        return pool.preparedQuery(UPDATE).execute(rows).map(written -> {
            Set<UUID> outdated =
                    changes.stream().map(change -> change.view().id()).collect(Collectors.toCollection(HashSet::new));
            written.forEach(row -> outdated.remove(row.getUUID("order_id")));
            recent.invalidateAll(outdated);
            changes.stream()
                    .filter(change -> !outdated.contains(change.view().id()))
                    .forEach(this::remember);
            return outdated;
        });
    }

    private void remember(Loaded written) {
        if (written.view().sagasHaveEnded()) {
            recent.invalidate(written.view().id());
        } else {
            recent.put(written.view().id(), written);
        }
    }

    private static List<Stored> stored(RowSet<Row> rows) {
        List<Stored> stored = new ArrayList<>();
        rows.forEach(row -> stored.add(stored(row)));
        return stored;
    }

    static Stored stored(Row row) {
        return new Stored(
                row.getUUID("order_id"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getInteger("version"),
                row.getString("document"));
    }
}
