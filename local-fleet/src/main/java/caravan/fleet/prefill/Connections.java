package caravan.fleet.prefill;

import java.sql.Connection;
import java.sql.SQLException;

/** The databases of one fleet, by name. */
@FunctionalInterface
public interface Connections {
    Connection to(String database) throws SQLException;
}
