package caravan.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The primary's memory of what its replica has got. */
final class ReplicationSlot {
    static final String NAME = "caravan_replica";

    private static final String STATUS = "select wal_status from pg_replication_slots where slot_name = ?";

    /** Waits a little until the one that used it has gone. */
    private static final String END_USER =
            "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where slot_name = ? and active";

    private static final String DROP =
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ?";

    /** From this moment on, not from the first connection. */
    private static final String CREATE = "select pg_create_physical_replication_slot(?, true)";

    private ReplicationSlot() {}

    /** Whether WAL that the replica lacks may have gone: the slot's limit was passed, or it is not there. */
    static boolean lost(Connection primary) throws SQLException {
        try (PreparedStatement query = primary.prepareStatement(STATUS)) {
            query.setString(1, NAME);
            try (ResultSet rows = query.executeQuery()) {
                return !rows.next() || "lost".equals(rows.getString(1));
            }
        }
    }

    /** Forgets the old one, whoever uses it, and keeps the WAL from now on. */
    static void renew(Connection primary) throws SQLException {
        for (String sql : new String[] {END_USER, DROP, CREATE}) {
            try (PreparedStatement statement = primary.prepareStatement(sql)) {
                statement.setString(1, NAME);
                statement.execute();
            }
        }
    }
}
