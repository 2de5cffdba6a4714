package caravan.fleet.prefill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** One database on its way to be filled, chunk by chunk, each one transaction. One thread. */
final class Filling {

    private static final String LOCK_STOCK = "select 1 from stock where sku = any(?) order by sku for update";

    private static final String RESERVE = """
            update stock s set reserved = s.reserved + w.pieces, updated_at = now()
            from unnest(?, ?) as w (sku, pieces) where s.sku = w.sku""";

    /** What was promised had been delivered before: one entry for each product, which grows with the chunks. */
    private static final String DELIVER = """
            insert into stock_adjustments as a
                (sku, wanted, delta, on_hand, reason, caller, route, idempotency_key, at)
            select w.sku, w.pieces, w.pieces, s.on_hand, 'prefill', 'bench', 'prefill', w.sku, now()
            from unnest(?, ?) as w (sku, pieces) join stock s on s.sku = w.sku
            on conflict (caller, route, idempotency_key)
            do update set wanted = a.wanted + excluded.wanted, delta = a.delta + excluded.delta""";

    private final Connection connection;
    private final List<Table> tables;
    private final Map<Table, String> columns = new EnumMap<>(Table.class);
    private final Plan plan;
    private final Map<UUID, Sample> samples;

    Filling(Connection connection, String database, Plan plan, Map<UUID, Sample> samples) throws SQLException {
        this.connection = connection;
        this.tables = Table.of(database);
        this.plan = plan;
        this.samples = samples;
        for (Table table : tables) {
            columns.put(table, table.columns(connection));
        }
        connection.setAutoCommit(false);
    }

    /** Gives the rows that were written. */
    long fill(int chunk) throws SQLException {
        long rows = 0;
        for (Table table : tables) {
            rows += copy(table, chunk);
        }
        if (tables.contains(Table.STOCK_RESERVATIONS)) {
            stock(chunk);
        }
        long kept = 0;
        for (int number = chunk * Plan.CHUNK; number < plan.firstAfter(chunk); number++) {
            kept += sample(number).keptMinor();
        }
        Marks.chunk(connection, chunk, plan.firstAfter(chunk) - chunk * Plan.CHUNK, kept);
        connection.commit();
        return rows;
    }

    private long copy(Table table, int chunk) throws SQLException {
        CopyIn copy = new CopyManager(connection.unwrap(BaseConnection.class))
                .copyIn("copy %s (%s) from stdin".formatted(table.title, columns.get(table)));
        for (int number = chunk * Plan.CHUNK; number < plan.firstAfter(chunk); number++) {
            Plan.Order order = plan.order(number);
            for (Template template : sample(number).rows().getOrDefault(table, List.of())) {
                byte[] row = template.filled(order);
                copy.writeToCopy(row, 0, row.length);
            }
        }
        return copy.endCopy();
    }

    /** The rows of the fleet's own batches: locked in their order, and as late as can be. */
    private void stock(int chunk) throws SQLException {
        Map<String, Long> pieces = new HashMap<>();
        for (int number = chunk * Plan.CHUNK; number < plan.firstAfter(chunk); number++) {
            sample(number).promised().forEach((sku, count) -> pieces.merge(sku, count, Long::sum));
        }
        Object[] skus = pieces.keySet().toArray();
        Object[] counts = pieces.values().toArray();
        try (PreparedStatement lock = connection.prepareStatement(LOCK_STOCK)) {
            lock.setArray(1, connection.createArrayOf("text", skus));
            lock.executeQuery().close();
        }
        for (String sql : List.of(RESERVE, DELIVER)) {
            try (PreparedStatement change = connection.prepareStatement(sql)) {
                change.setArray(1, connection.createArrayOf("text", skus));
                change.setArray(2, connection.createArrayOf("int4", counts));
                change.executeUpdate();
            }
        }
    }

    private Sample sample(int number) {
        UUID id = plan.sample(number);
        Sample sample = samples.get(id);
        if (sample == null) {
            throw new IllegalStateException("order " + number + " has no pattern " + id);
        }
        return sample;
    }
}
