package caravan.fleet.ledger;

import caravan.fleet.Credentials;
import caravan.fleet.Fleet;
import caravan.fleet.PostgresServer;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/** The fleet that is measured, and how to get at its parts. */
record Ground(Fleet fleet, Crowd crowd, Counts counts, Consumer<String> progress) {

    private static final String INVENTORY = "inventory-service";

    /** One more process of a service, with a setting of its own. */
    record Variant(Fleet fleet, String name) implements AutoCloseable {

        String address() {
            return fleet.address(name);
        }

        String management() {
            return fleet.managementAddress(name);
        }

        @Override
        public void close() {
            fleet.stopReplica(name);
        }
    }

    /** Straight to PostgreSQL. */
    Connection database(String name) throws SQLException {
        return DriverManager.getConnection(fleet.jdbcUrl(name), PostgresServer.USER, PostgresServer.PASSWORD);
    }

    Variant variant(String service, String setting, String value) {
        progress.accept("one more %s, with %s=%s".formatted(service, setting, value));
        return new Variant(fleet, fleet.startReplica(service, Map.of(setting, value)));
    }

    Variant inventory(String setting, String value) {
        return variant(INVENTORY, setting, value);
    }

    String accessToken(Credentials.Login login) {
        String body = new JsonObject()
                .put("email", login.email())
                .put("password", login.password())
                .encode();
        return new JsonObject(crowd.one(Crowd.post(fleet.address("gateway"), "/auth/login", body))
                        .body())
                .getString("access_token");
    }
}
