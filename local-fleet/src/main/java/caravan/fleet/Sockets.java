package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Looks at ports of 127.0.0.1, the only address that a fleet without containers listens on. */
public final class Sockets {
    public static final String HOST = "127.0.0.1";

    /** Where the simulators listen: this machine's loopback, and in a container, which has addresses of its own, everywhere. */
    static final String LISTEN = System.getProperty("caravan.listen", HOST);

    private static final int CONNECT_MS = 500;

    private Sockets() {}

    /** Ports that were free a moment ago, all different. Somebody may take one before it is used: a start that fails then is worth one more try. */
    public static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.ofLiteral(HOST)));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            held.forEach(Sockets::closeQuietly);
        }
    }

    /** @throws FleetException naming the port and the part that wants it */
    static void requireFree(int port, String wantedBy) {
        try (ServerSocket socket = new ServerSocket()) {
            // Like every server of the fleet: a port whose last connections linger in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(address(port), 1);
        } catch (IOException e) {
            throw new FleetException(
                    "Port " + port + ", which " + wantedBy
                            + " needs, is taken by another program: end that one, or use --port-offset N.",
                    e);
        }
    }

    static boolean isFree(int port) {
        try {
            requireFree(port, "nobody");
            return true;
        } catch (FleetException _) {
            return false;
        }
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(address(port), CONNECT_MS);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(HOST), port);
    }

    static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.");
        }
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
