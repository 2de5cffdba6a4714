package caravan.fleet.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The processes under load, and where their databases and topics are.
 *
 * @param jdbcUrl of a database is this with the database's name behind it
 * @param processes each part's processes, by the part's name
 * @param residentBytes of a process
 * @param folder for customers and results, on the disk that the databases are on
 */
public record Target(
        String jdbcUrl,
        String user,
        String password,
        String bootstrapServers,
        Supplier<Map<String, List<ProcessHandle>>> processes,
        ToLongFunction<ProcessHandle> residentBytes,
        Path folder) {

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl + database + "?ApplicationName=bench", user, password);
    }
}
