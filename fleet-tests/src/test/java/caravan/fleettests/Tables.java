package caravan.fleettests;

import caravan.fleet.Fleet;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The databases of a fleet, behind the services' backs. */
final class Tables {

    private Tables() {}

    static Connection open(Fleet fleet, String database) throws SQLException {
        return DriverManager.getConnection(fleet.jdbcUrl(database), "caravan", "caravan");
    }

    /** Gives the one number that is asked for. */
    static long count(Fleet fleet, String database, String sql) throws SQLException {
        try (var connection = open(fleet, database);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Any number of statements. */
    static void run(Fleet fleet, String database, String sql) throws SQLException {
        try (var connection = open(fleet, database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
