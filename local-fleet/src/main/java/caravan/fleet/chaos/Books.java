package caravan.fleet.chaos;

import caravan.fleet.Fleet;
import caravan.fleet.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;

/** What the campaign itself asks PostgreSQL, past wires and pooler. Every answer is bounded: PostgreSQL may be the one that stands still. */
final class Books {

    private static final String BOUND_SECONDS = "10";

    private static final String STANDING =
            "select count(*) filter (where status <> 'PLACED'), count(*) filter (where status = 'PLACED') from orders";

    /** {@link Shoppers} write their keys there. */
    private static final String BY_KEY = "select line2, id from orders where line2 is not null";

    private static final String DEAD_LETTERS =
            "select topic, count(*) from dead_letters where state = 'OPEN' group by topic";

    private static final String END_SESSIONS = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where backend_type in ('client backend', 'walsender') and pid <> pg_backend_pid()""";

    /**
     * How all orders stand.
     *
     * @param decided approved or rejected
     * @param open accepted, and neither yet
     */
    record Standing(long decided, long open) {
        long accepted() {
            return decided + open;
        }

        /** What has come since then. */
        Standing since(Standing before) {
            return new Standing(decided - before.decided, open - before.open);
        }
    }

    private final Fleet fleet;

    Books(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The caller's own, for many questions. */
    Connection open(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", PostgresServer.USER);
        properties.setProperty("password", PostgresServer.PASSWORD);
        properties.setProperty("ApplicationName", "chaos");
        properties.setProperty("connectTimeout", BOUND_SECONDS);
        properties.setProperty("socketTimeout", BOUND_SECONDS);
        return DriverManager.getConnection(fleet.jdbcUrl(database), properties);
    }

    static Standing standing(Connection orders) throws SQLException {
        try (Statement statement = orders.createStatement();
                ResultSet row = statement.executeQuery(STANDING)) {
            row.next();
            return new Standing(row.getLong(1), row.getLong(2));
        }
    }

    Standing standing() throws SQLException {
        try (Connection orders = open("orders")) {
            return standing(orders);
        }
    }

    /** All orders that were made under a key. */
    Map<String, List<UUID>> byKey() throws SQLException {
        Map<String, List<UUID>> byKey = new HashMap<>();
        try (Connection orders = open("orders");
                Statement statement = orders.createStatement();
                ResultSet row = statement.executeQuery(BY_KEY)) {
            while (row.next()) {
                byKey.computeIfAbsent(row.getString(1), _ -> new ArrayList<>()).add(row.getObject(2, UUID.class));
            }
        }
        return byKey;
    }

    /** How many wait for an operator, by the topic they failed on. */
    Map<String, Long> deadLetters() throws SQLException {
        Map<String, Long> letters = new TreeMap<>();
        try (Connection sagas = open("sagas");
                Statement statement = sagas.createStatement();
                ResultSet row = statement.executeQuery(DEAD_LETTERS)) {
            while (row.next()) {
                letters.put(row.getString(1), row.getLong(2));
            }
        }
        return letters;
    }

    /** Everybody's, the replica's too. */
    void endSessions() throws SQLException {
        try (Connection postgres = open("postgres");
                Statement statement = postgres.createStatement()) {
            statement.execute(END_SESSIONS);
        }
    }
}
