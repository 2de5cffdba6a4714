package caravan.order;

import caravan.common.contract.Line;
import caravan.common.contract.Money;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.sql.Columns;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Drafts become orders: one transaction for a batch of them, and as many statements for a hundred as for one.
 *
 * <p>The key comes first. A draft whose key another replica is using waits at the primary key for that transaction's end,
 * and finds the key taken or free. Keys are taken in their order, so that two batches never wait for each other.
 */
@Singleton
class AcceptStore {

    private static final String PRICES =
            "select sku, name, price_minor, currency from prices where sku = any($1::text[])";

    private static final String TAKE_KEYS = """
            insert into idempotency_keys (customer_id, route, key, body_hash, order_id, answer)
            select k.customer_id, $1::text, k.key, k.body_hash, k.order_id, k.answer
            from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[])
              as k (customer_id, key, body_hash, order_id, answer)
            order by k.customer_id, k.key
            on conflict do nothing
            returning order_id""";

    static final String TAKEN_KEYS = """
            select i.customer_id, i.key, i.body_hash, i.order_id, i.answer
            from idempotency_keys i
            join unnest($2::uuid[], $3::text[]) as k (customer_id, key)
              on i.customer_id = k.customer_id and i.key = k.key
            where i.route = $1""";

    private record Taken(String bodyHash, Receipt receipt) {}

    private record Candidate(Draft draft, Pricing pricing) {}

    private record Stored(List<Verdict> verdicts, List<Order> orders) {}

    private final Pool pool;
    private final ViewStore views;
    private final String source;

    AcceptStore(Pool pool, ViewStore views, Messaging messaging) {
        this.pool = pool;
        this.views = views;
        this.source = messaging.source();
    }

    /** One verdict for each draft, in their order. No two drafts of a batch may have the same key. */
    Uni<List<Decided>> accept(List<Draft> batch) {
        return Transactions.runAndLocate(pool, tx -> prices(tx, batch).chain(prices -> decide(tx, batch, prices)))
                .invoke(committed -> views.accepted(committed.result().orders()))
                .map(committed -> committed.result().verdicts().stream()
                        .map(verdict -> new Decided(verdict, committed.position()))
                        .toList());
    }

    private Uni<Writes<Stored>> decide(SqlConnection tx, List<Draft> batch, Map<String, Price> prices) {
        Map<UUID, Order> orders = new HashMap<>();
        List<Candidate> candidates = new ArrayList<>();
        for (Draft draft : batch) {
            Pricing pricing = Pricing.of(draft.request().items(), prices);
            candidates.add(new Candidate(draft, pricing));
            if (pricing instanceof Pricing.Priced priced) {
                orders.put(draft.orderId(), Order.of(draft, priced));
            }
        }
        return takeKeys(tx, batch, orders).chain(fresh -> {
            List<Draft> others = batch.stream()
                    .filter(draft -> !fresh.contains(draft.orderId()))
                    .toList();
            orders.keySet().retainAll(fresh);
            return takenKeys(tx, others).map(taken -> {
                List<Verdict> verdicts = candidates.stream()
                        .map(candidate -> verdict(candidate, orders, taken))
                        .toList();
                List<Order> accepted = List.copyOf(orders.values());
                return new Writes<>(new Stored(verdicts, accepted), store(tx, accepted));
            });
        });
    }

    private static Verdict verdict(Candidate candidate, Map<UUID, Order> orders, Map<KeyScope, Taken> taken) {
        Draft draft = candidate.draft();
        Taken before = taken.get(draft.scope());
        if (before != null) {
            return before.bodyHash().equals(draft.bodyHash())
                    ? new Verdict.Replayed(before.receipt())
                    : new Verdict.KeyReused();
        }
        return switch (candidate.pricing()) {
            case Pricing.Unpriced(var type, var errors) -> new Verdict.Refused(type, errors);
            case Pricing.Priced _ -> {
                Order order = orders.get(draft.orderId());
                if (order == null) {
                    throw new IllegalStateException(
                            "the key of order " + draft.orderId() + " is neither free nor taken");
                }
                yield new Verdict.Accepted(order.receipt());
            }
        };
    }

    private static Uni<Map<String, Price>> prices(SqlConnection tx, List<Draft> batch) {
        String[] skus = batch.stream()
                .flatMap(draft -> draft.request().items().stream())
                .map(Line::sku)
                .distinct()
                .toArray(String[]::new);
        return tx.preparedQuery(PRICES).execute(Tuple.of(skus)).map(rows -> {
            Map<String, Price> prices = new HashMap<>();
            for (Row row : rows) {
                Money unit = new Money(row.getLong("price_minor"), row.getString("currency"));
                prices.put(row.getString("sku"), new Price(row.getString("sku"), row.getString("name"), unit));
            }
            return prices;
        });
    }

    private static Uni<Set<UUID>> takeKeys(SqlConnection tx, List<Draft> batch, Map<UUID, Order> orders) {
        List<Draft> priced = batch.stream()
                .filter(draft -> orders.containsKey(draft.orderId()))
                .toList();
        if (priced.isEmpty()) {
            return Uni.createFrom().item(Set.of());
        }
        Tuple keys = Columns.after(KeyScope.ROUTE, priced)
                .uuid(draft -> draft.caller().id())
                .text(Draft::key)
                .text(Draft::bodyHash)
                .uuid(Draft::orderId)
                .text(draft -> Objects.requireNonNull(orders.get(draft.orderId()))
                        .receipt()
                        .body())
                .tuple();
        return tx.preparedQuery(TAKE_KEYS).execute(keys).map(rows -> {
            Set<UUID> fresh = new HashSet<>();
            rows.forEach(row -> fresh.add(row.getUUID("order_id")));
            return fresh;
        });
    }

    private static Uni<Map<KeyScope, Taken>> takenKeys(SqlConnection tx, List<Draft> drafts) {
        if (drafts.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Tuple keys = Columns.after(KeyScope.ROUTE, drafts)
                .uuid(draft -> draft.caller().id())
                .text(Draft::key)
                .tuple();
        return tx.preparedQuery(TAKEN_KEYS).execute(keys).map(rows -> {
            Map<KeyScope, Taken> taken = new HashMap<>();
            for (Row row : rows) {
                Receipt receipt = new Receipt(row.getUUID("order_id"), row.getString("answer"));
                taken.put(
                        new KeyScope(row.getUUID("customer_id"), row.getString("key")),
                        new Taken(row.getString("body_hash"), receipt));
            }
            return taken;
        });
    }

    private List<Uni<Void>> store(SqlConnection tx, List<Order> orders) {
        if (orders.isEmpty()) {
            return List.of();
        }
        return List.of(
                OrderRows.insert(tx, orders),
                OrderRows.insertLines(tx, orders),
                ViewStore.insert(tx, orders),
                Outbox.add(
                        tx, orders.stream().map(order -> order.placed(source)).toList()));
    }
}
