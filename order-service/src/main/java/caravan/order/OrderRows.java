package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Customer;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Orders and their lines as rows, there and back. */
final class OrderRows {

    private static final String INSERT = """
            insert into orders (id, customer_id, customer_name, customer_email, status, total_minor, currency, card_token,
              recipient, line1, line2, city, postal_code, country, traceparent, placed_at)
            select o.id, o.customer_id, o.customer_name, o.customer_email, 'PLACED', o.total_minor, o.currency, o.card_token,
              o.recipient, o.line1, o.line2, o.city, o.postal_code, o.country, o.traceparent, o.placed_at
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
              as o (id, customer_id, customer_name, customer_email, total_minor, currency, card_token,
                recipient, line1, line2, city, postal_code, country, traceparent, placed_at)""";

    private static final String INSERT_LINES = """
            insert into order_lines (order_id, line_no, sku, name, quantity, unit_price_minor)
            select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::bigint[])""";

    private static final String SELECT = """
            select id, customer_id, customer_name, customer_email, total_minor, currency, card_token,
              recipient, line1, line2, city, postal_code, country, traceparent, placed_at
            from orders where id = any($1::uuid[])""";

    private static final String SELECT_LINES = """
            select order_id, sku, name, quantity, unit_price_minor
            from order_lines where order_id = any($1::uuid[]) order by order_id, line_no""";

    private record NumberedLine(UUID orderId, int number, PricedLine line) {}

    private OrderRows() {}

    static Uni<Void> insert(SqlConnection tx, List<Order> orders) {
        Tuple rows = Columns.of(orders)
                .uuid(Order::id)
                .uuid(o -> o.customer().id())
                .text(o -> o.customer().name())
                .text(o -> o.customer().email())
                .bigNumber(o -> o.total().amountMinor())
                .text(o -> o.total().currency())
                .text(Order::cardToken)
                .text(o -> o.shippingAddress().name())
                .text(o -> o.shippingAddress().line1())
                .text(o -> o.shippingAddress().line2())
                .text(o -> o.shippingAddress().city())
                .text(o -> o.shippingAddress().postalCode())
                .text(o -> o.shippingAddress().country())
                .text(o -> o.trace().traceparent())
                .time(Order::placedAt)
                .tuple();
        return tx.preparedQuery(INSERT).execute(rows).replaceWithVoid();
    }

    static Uni<Void> insertLines(SqlConnection tx, List<Order> orders) {
        List<NumberedLine> lines = new ArrayList<>();
        for (Order order : orders) {
            for (int i = 0; i < order.lines().size(); i++) {
                lines.add(new NumberedLine(order.id(), i, order.lines().get(i)));
            }
        }
        Tuple rows = Columns.of(lines)
                .uuid(NumberedLine::orderId)
                .number(NumberedLine::number)
                .text(l -> l.line().sku())
                .text(l -> l.line().name())
                .number(l -> l.line().quantity())
                .bigNumber(l -> l.line().unitPrice().amountMinor())
                .tuple();
        return tx.preparedQuery(INSERT_LINES).execute(rows).replaceWithVoid();
    }

    /** The orders with these ids, in no order. */
    static Uni<List<Order>> load(SqlConnection tx, List<UUID> ids) {
        Tuple keys = Columns.of(ids).uuid(id -> id).tuple();
        return tx.preparedQuery(SELECT)
                .execute(keys)
                .chain(orders -> tx.preparedQuery(SELECT_LINES).execute(keys).map(lines -> {
                    Map<UUID, List<Row>> byOrder = new HashMap<>();
                    lines.forEach(row -> byOrder.computeIfAbsent(row.getUUID("order_id"), _ -> new ArrayList<>())
                            .add(row));
                    List<Order> loaded = new ArrayList<>();
                    orders.forEach(row -> loaded.add(order(row, byOrder.getOrDefault(row.getUUID("id"), List.of()))));
                    return loaded;
                }));
    }

    private static Order order(Row row, List<Row> lines) {
        String currency = row.getString("currency");
        return new Order(
                row.getUUID("id"),
                new Customer(
                        row.getUUID("customer_id"), row.getString("customer_name"), row.getString("customer_email")),
                lines.stream().map(line -> line(line, currency)).toList(),
                new Money(row.getLong("total_minor"), currency),
                new Address(
                        row.getString("recipient"),
                        row.getString("line1"),
                        row.getString("line2"),
                        row.getString("city"),
                        row.getString("postal_code"),
                        row.getString("country")),
                row.getString("card_token"),
                row.getOffsetDateTime("placed_at").toInstant(),
                new TraceContext(row.getString("traceparent"), null, null));
    }

    private static PricedLine line(Row row, String currency) {
        return new PricedLine(
                row.getString("sku"),
                row.getString("name"),
                row.getInteger("quantity"),
                new Money(row.getLong("unit_price_minor"), currency));
    }
}
