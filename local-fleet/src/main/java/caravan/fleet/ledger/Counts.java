package caravan.fleet.ledger;

import caravan.fleet.FleetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What the parts themselves count. */
final class Counts {

    /** A backend of PostgreSQL tells what it has counted once a second at the latest. */
    private static final Duration TOLD = Duration.ofMillis(1500);

    private final Crowd crowd;

    Counts(Crowd crowd) {
        this.crowd = crowd;
    }

    /** The sum of a counter over its tags. */
    long meter(String management, String name) {
        return Math.round(crowd.one(Crowd.get(management, "/q/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(Counts::value)
                .sum());
    }

    /** Behind the value there may be an exemplar. */
    private static double value(String line) {
        String behindLabels = line.substring(Math.max(line.indexOf("} ") + 1, line.indexOf(' ')))
                .strip();
        return Double.parseDouble(behindLabels.split(" ", 2)[0]);
    }

    /** Transactions of a database since it was made, on the server that is connected to. */
    static long transactions(Connection database) throws SQLException {
        LockSupport.parkNanos(TOLD.toNanos());
        return number(
                database,
                "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()");
    }

    static long number(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new FleetException("Nothing was answered to: " + sql);
            }
            return row.getLong(1);
        }
    }
}
