package caravan.fleet.audit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** One PostgreSQL with a database per service, as the local fleet has it. */
public record Databases(String host, int port, String user, String password) {

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + port + "/" + database + "?ApplicationName=audit", user, password);
    }
}
