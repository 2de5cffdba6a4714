package caravan.fleet.prefill;

import caravan.fleet.FleetException;
import caravan.fleet.prefill.Template.Original;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * All that one real, ended order has left behind.
 *
 * @param promised pieces that it keeps reserved, by product
 * @param keptMinor what was captured for it and not refunded
 */
record Sample(Map<Table, List<Template>> rows, Map<String, Long> promised, long keptMinor) {

    /** The UUID in the customer's address is the one that stands before the at sign. */
    private static final String ORIGINAL = """
            select customer_id, substring(customer_email from '([0-9a-f-]{36})@')::uuid as email,
                   floor(extract(epoch from placed_at))::bigint as second
            from orders where id = ?""";

    private static final String PROMISED =
            "select sku, quantity from stock_reservations where order_id = ? and released_at is null";

    private static final String KEPT = "select captured_minor - refunded_minor from payments where order_id = ?";

    static Sample of(UUID order, Connections databases) throws SQLException {
        Original original = original(order, databases);
        Map<Table, List<Template>> rows = new EnumMap<>(Table.class);
        Map<String, Long> promised = new HashMap<>();
        for (String database : Table.databases()) {
            try (Connection connection = databases.to(database)) {
                for (Table table : Table.of(database)) {
                    rows.put(table, templates(connection, table, original));
                }
            }
        }
        try (Connection inventory = databases.to("inventory");
                ResultSet row = ask(inventory, PROMISED, order)) {
            while (row.next()) {
                promised.put(row.getString("sku"), row.getLong("quantity"));
            }
        }
        try (Connection payments = databases.to("payments");
                ResultSet row = ask(payments, KEPT, order)) {
            return new Sample(rows, promised, row.next() ? row.getLong(1) : 0);
        }
    }

    /** How many rows an order like this one has. */
    int size() {
        return rows.values().stream().mapToInt(List::size).sum();
    }

    private static Original original(UUID order, Connections databases) throws SQLException {
        try (Connection orders = databases.to("orders");
                ResultSet row = ask(orders, ORIGINAL, order)) {
            if (!row.next()) {
                throw new FleetException("Order " + order + ", a pattern of those that are prefilled, is gone.");
            }
            return new Original(
                    order,
                    row.getObject("customer_id", UUID.class),
                    row.getObject("email", UUID.class),
                    row.getLong("second"),
                    new HashMap<>());
        }
    }

    private static List<Template> templates(Connection connection, Table table, Original original) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new CopyManager(connection.unwrap(BaseConnection.class))
                    .copyOut(
                            "copy (select %s from %s where %s = '%s') to stdout"
                                    .formatted(table.columns(connection), table.title, table.key, original.id()),
                            out);
        } catch (IOException e) {
            throw new SQLException(e);
        }
        // Whatever the text, COPY writes a line a row.
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> Template.of((line + "\n").getBytes(StandardCharsets.UTF_8), original))
                .toList();
    }

    // The statement closes with its result.
    @SuppressWarnings("resource")
    private static ResultSet ask(Connection connection, String sql, UUID order) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.closeOnCompletion();
        statement.setObject(1, order);
        return statement.executeQuery();
    }
}
