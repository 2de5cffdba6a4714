package caravan.fleet.bench;

import caravan.fleet.FleetException;
import caravan.fleet.bench.Load.Order;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * When orders came where, read after the run: the times are those of the commits, as PostgreSQL keeps them
 * ({@code track_commit_timestamp}), so that nothing has to be asked meanwhile.
 */
public final class Endings {

    /** In microseconds since the epoch: when what the row says now was committed. */
    public static final String COMMITTED_AT =
            "(extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint as at";

    /** How many sagas are open. */
    public static final String OPEN =
            "select count(*) from (select 1 from sagas where check_at is not null limit 100000) o";

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Target target;

    public Endings(Target target) {
        this.target = target;
    }

    /**
     * Waits until nothing is under way.
     *
     * @param sql of the sagas' database: how much is
     * @return false when something still is after {@code bound}
     */
    public boolean await(String sql, Duration bound) {
        long endNs = System.nanoTime() + bound.toNanos();
        try (Connection connection = target.connect("sagas");
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    if (row.getLong(1) == 0) {
                        return true;
                    }
                }
                if (System.nanoTime() > endNs) {
                    return false;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /**
     * Where these orders left a trace.
     *
     * @param sql gives {@code id} and {@code at}, in microseconds since the epoch, of the orders between two ids
     */
    public Reached reached(String place, String database, String sql, List<Order> orders) {
        return new Reached(place, orders.isEmpty() ? Map.of() : times(database, sql, orders));
    }

    private Map<UUID, Long> times(String database, String sql, List<Order> orders) {
        Map<UUID, Long> times = new HashMap<>();
        // PostgreSQL compares bytes, UUID.compareTo signed numbers; ids of one age begin alike, so that both agree.
        UUID first = orders.stream().map(Order::id).min(UUID::compareTo).orElseThrow();
        UUID last = orders.stream().map(Order::id).max(UUID::compareTo).orElseThrow();
        try (Connection connection = target.connect(database);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, first);
            statement.setObject(2, last);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    times.put(row.getObject("id", UUID.class), row.getLong("at"));
                }
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
        return times;
    }

    private static FleetException unreadable(SQLException e) {
        return new FleetException("The databases cannot be read: " + e.getMessage(), e);
    }
}
