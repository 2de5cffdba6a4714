package caravan.order;

import caravan.common.sql.WalPosition;
import caravan.fleet.testing.Backends;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** The replica of this JVM, as a test makes it stand still. Closing it sets it going. */
final class Replay implements AutoCloseable {

    /** A replica that goes out of the rotation and comes back in a time that a test can wait for. */
    public static final class Profile implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.order.replica.most-lag",
                    "500ms",
                    "caravan.order.replica.look-every",
                    "100ms",
                    "caravan.order.replica.back-after",
                    "200ms",
                    "caravan.order.cancel.decision-within",
                    "1ms");
        }
    }

    private static final String CONFLICT = "40001";
    private static final int MOST_TRIES = 10;

    private final Connection replica;

    Replay() throws SQLException {
        String user = Backends.addresses().dbUser();
        String password = Backends.addresses().dbPassword();
        replica = DriverManager.getConnection(Backends.replicaJdbcUrl("orders"), user, password);
    }

    void pause() throws SQLException {
        execute("select pg_wal_replay_pause()");
    }

    void resume() throws SQLException {
        execute("select pg_wal_replay_resume()");
    }

    /** Ends every other session there, as a restart would. */
    void endSessions() throws SQLException {
        execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and client_port is not null");
    }

    WalPosition position() throws SQLException {
        try (var statement = replica.createStatement();
                var rows = statement.executeQuery("select pg_last_wal_replay_lsn()::text")) {
            rows.next();
            return WalPosition.parse(rows.getString(1));
        }
    }

    /** Again where it was cancelled for what is being replayed. */
    private void execute(String sql) throws SQLException {
        for (int tries = 1; ; tries++) {
            try (var statement = replica.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException e) {
                if (tries == MOST_TRIES || !CONFLICT.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        resume();
        replica.close();
    }
}
