package caravan.fleet;

import caravan.fleet.FleetState.PartState;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Bounded looks from outside at parts that run somewhere else. */
final class Probe {
    private static final int BOUND_MS = 2000;

    private Probe() {}

    /** Whether the readiness check of a service, the replica as such, or the port of anything else, answers. */
    static boolean ready(PartState part) {
        if (Ports.SERVICES.contains(part.name())) {
            return health(part.ports().getLast());
        }
        int port = part.ports().getFirst();
        return part.name().equals(PostgresReplica.NAME) ? PostgresReplica.answers(port) : Sockets.accepts(port);
    }

    /** Whether {@code /q/health/ready} answers 200. */
    static boolean health(int managementPort) {
        return answers(managementPort, "/q/health/ready");
    }

    /** Whether the path answers 200. */
    static boolean answers(int port, String path) {
        try {
            URI address = URI.create("http://" + Sockets.HOST + ":" + port + path);
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(BOUND_MS);
            connection.setReadTimeout(BOUND_MS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException _) {
            return false;
        }
    }
}
