package caravan.saga.ops;

import caravan.common.contract.Address;
import caravan.common.contract.Customer;
import caravan.common.contract.Money;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PricedLine;
import caravan.common.messaging.Json;
import caravan.saga.placeorder.PlaceOrder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sagas as a bad day leaves them, and what is there of them afterwards. */
final class BrokenSagas {

    static final String CARD = "tok_nobody_must_see";

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Money TOTAL = new Money(1999, "EUR");

    private static final String INSERT = """
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at,
              due_at, check_at, failure_code, failure_detail, data, traceparent)
            select id, id, (select min(id) from saga_definitions where name = 'place-order'), $2::text, $3::text, 1, 7, now(),
              now() - interval '10 minutes', d.due, d.due, case when $2 <> 'RUNNING' then 'address-undeliverable' end,
              case when $2 <> 'RUNNING' then 'AQ' end, $4::text, '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'
            from unnest($1::uuid[]) as s (id),
              (select case when $2 in ('RUNNING', 'UNDOING') then now() + interval '1 hour' end as due) d""";

    private final Pool pool;

    BrokenSagas(Pool pool) {
        this.pool = pool;
    }

    /** So many at that step; they are left alone for an hour. */
    List<UUID> are(int count, String phase, @Nullable String step) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(UUID.randomUUID());
        }
        var _ = run(INSERT, Tuple.of(ids.toArray(UUID[]::new), phase, step, Json.text(order())));
        return ids;
    }

    UUID is(String phase, String step) {
        return are(1, phase, step).getFirst();
    }

    void forgetAll() {
        for (String table : List.of("operator_orders", "saga_steps", "sagas", "dead_letters")) {
            var _ = run("delete from " + table, Tuple.tuple());
        }
    }

    void change(String sql) {
        var _ = run(sql, Tuple.tuple());
    }

    long count(String sql, Object... arguments) {
        return row(sql, arguments).getLong(0);
    }

    Row row(String sql, Object... arguments) {
        return run(sql, Tuple.from(arguments)).iterator().next();
    }

    private RowSet<Row> run(String sql, Tuple arguments) {
        return pool.preparedQuery(sql).execute(arguments).await().atMost(BOUND);
    }

    private static PlaceOrder order() {
        UUID order = UUID.randomUUID();
        return PlaceOrder.of(new OrderPlaced(
                order,
                new Customer(UUID.randomUUID(), "Ada", "ada@example.com"),
                List.of(new PricedLine("TEA-GREEN-100", "Tea", 1, TOTAL)),
                TOTAL,
                new Address("Ada", "1 Way", null, "London", "N1", "GB"),
                CARD,
                Instant.now()));
    }
}
