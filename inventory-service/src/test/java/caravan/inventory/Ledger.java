package caravan.inventory;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What the database says, past the service. */
record Ledger(Pool pool) {

    private static final Duration BOUND = Duration.ofSeconds(10);

    record Shelf(int onHand, int reserved, int shipped) {}

    /** A product of its own for a test. */
    String newProduct(int pieces) {
        String sku = "TEST-" + UUID.randomUUID().toString().toUpperCase(java.util.Locale.ROOT);
        execute("""
                with p as (
                    insert into products values ($1, 'Test', '', 100, 'EUR', '{}', 1, now())),
                s as (
                    insert into stock (sku, on_hand, updated_at) values ($1, $2, now()))
                insert into stock_adjustments (sku, wanted, delta, on_hand, reason, at)
                values ($1, $2, $2, $2, 'seed', now())""", Tuple.of(sku, pieces));
        return sku;
    }

    Shelf shelf(String sku) {
        Row row = execute("select on_hand, reserved, shipped from stock where sku = $1", Tuple.of(sku))
                .getFirst();
        return new Shelf(row.getInteger(0), row.getInteger(1), row.getInteger(2));
    }

    long held(UUID order) {
        return execute(
                        "select coalesce(sum(quantity), 0) from stock_reservations where order_id = $1 and released_at is null",
                        Tuple.of(order))
                .getFirst()
                .getLong(0);
    }

    /** The invariant of the README; each row is a product that breaks it. */
    List<Row> imbalances() {
        return execute("""
                select s.sku, s.on_hand + s.reserved + s.shipped as there, coalesce(a.put_in, 0) as put_in, s.reserved,
                    coalesce(r.held, 0) as held
                from stock s
                left join (select sku, sum(delta) as put_in from stock_adjustments group by sku) a on a.sku = s.sku
                left join (select sku, sum(quantity) as held from stock_reservations
                           where released_at is null group by sku) r on r.sku = s.sku
                where s.on_hand + s.reserved + s.shipped <> coalesce(a.put_in, 0)
                   or s.reserved + s.shipped <> coalesce(r.held, 0)""", Tuple.tuple());
    }

    List<Row> execute(String sql, Tuple values) {
        List<Row> rows = new ArrayList<>();
        pool.preparedQuery(sql).execute(values).await().atMost(BOUND).forEach(rows::add);
        return rows;
    }
}
