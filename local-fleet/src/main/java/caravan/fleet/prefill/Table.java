package caravan.fleet.prefill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** What an ended order leaves behind, and the column with its id, which is its saga's too. */
enum Table {
    ORDERS("orders", "orders", "id"),
    ORDER_LINES("orders", "order_lines", "order_id"),
    IDEMPOTENCY_KEYS("orders", "idempotency_keys", "order_id"),
    ORDER_VIEWS("orders", "order_views", "order_id"),
    ORDERS_INBOX("orders", "inbox", "saga_id"),
    SAGAS("sagas", "sagas", "id"),
    SAGA_STEPS("sagas", "saga_steps", "saga_id"),
    STOCK_RESERVATIONS("inventory", "stock_reservations", "order_id"),
    INVENTORY_INBOX("inventory", "inbox", "saga_id"),
    PAYMENTS("payments", "payments", "order_id"),
    PAYMENTS_INBOX("payments", "inbox", "saga_id"),
    SHIPMENTS("shipments", "shipments", "order_id"),
    SHIPMENTS_INBOX("shipments", "inbox", "saga_id"),
    CONFIRMATIONS("notifications", "confirmations", "order_id"),
    NOTIFICATIONS_INBOX("notifications", "inbox", "saga_id");

    private static final String COLUMNS = """
            select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
            where table_schema = 'public' and table_name = ? and is_generated = 'NEVER'""";

    final String database;
    final String title;
    final String key;

    Table(String database, String title, String key) {
        this.database = database;
        this.title = title;
        this.key = key;
    }

    static List<String> databases() {
        return Arrays.stream(values()).map(table -> table.database).distinct().toList();
    }

    static List<Table> of(String database) {
        return Arrays.stream(values())
                .filter(table -> table.database.equals(database))
                .toList();
    }

    /** All that are not generated, as SQL lists them. */
    String columns(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, title);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
