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
 * When orders were decided (approved or rejected) and when their sagas had ended and the read model showed it. The times are
 * those of the commits, as PostgreSQL keeps them ({@code track_commit_timestamp}): nothing had to be asked during the run.
 */
final class Endings {

    private static final String DECIDED = """
            select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint as at
            from orders where id between ? and ? and status <> 'PLACED'""";

    private static final String SHOWN = """
            select order_id as id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000000)::bigint as at
            from order_views where order_id between ? and ?""";

    private static final String OPEN =
            "select count(*) from (select 1 from sagas where check_at is not null limit 100000) o";
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Target target;

    Endings(Target target) {
        this.target = target;
    }

    /** Microseconds since the epoch, by order; orders that are not decided are missing. */
    Map<UUID, Long> decided(List<Order> orders) {
        return times(DECIDED, orders);
    }

    /** The newest change that the read model shows. */
    Map<UUID, Long> shown(List<Order> orders) {
        return times(SHOWN, orders);
    }

    /** Waits until no saga is open; false when some still are after {@code bound}. */
    boolean await(Duration bound) {
        long endNs = System.nanoTime() + bound.toNanos();
        try (Connection connection = target.connect("sagas");
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(OPEN)) {
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

    private Map<UUID, Long> times(String sql, List<Order> orders) {
        Map<UUID, Long> times = new HashMap<>();
        if (orders.isEmpty()) {
            return times;
        }
        // PostgreSQL compares bytes, UUID.compareTo signed numbers; ids of one age begin alike, so that both agree.
        UUID first = orders.stream().map(Order::id).min(UUID::compareTo).orElseThrow();
        UUID last = orders.stream().map(Order::id).max(UUID::compareTo).orElseThrow();
        try (Connection connection = target.connect("orders");
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
