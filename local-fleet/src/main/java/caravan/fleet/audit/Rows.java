package caravan.fleet.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of one query in the order of its first column, a UUID; a merge takes from it what belongs to the id it is at. */
final class Rows implements AutoCloseable {

    private static final int FETCH = 5_000;

    /** One row as a value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Statement statement;
    private final ResultSet rows;
    private @Nullable UUID at;

    // The statement closes with this.
    @SuppressWarnings("resource")
    Rows(Connection connection, String sql) throws SQLException {
        // A cursor needs a transaction.
        connection.setAutoCommit(false);
        statement = connection.createStatement();
        statement.setFetchSize(FETCH);
        rows = statement.executeQuery(sql);
        next();
    }

    private void next() throws SQLException {
        at = rows.next() ? rows.getObject(1, UUID.class) : null;
    }

    /** The id of the next row; null at the end. */
    @Nullable
    UUID at() {
        return at;
    }

    /** The row of this id, if there is one. */
    <T> @Nullable T take(UUID id, Reader<T> reader) throws SQLException {
        if (!id.equals(at)) {
            return null;
        }
        T value = reader.read(rows);
        next();
        return value;
    }

    /** PostgreSQL orders UUIDs by their bytes, Java by signed halves. */
    static int compare(UUID a, UUID b) {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        statement.close();
    }
}
