package caravan.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Looks at ports of 127.0.0.1, the only address that a fleet without containers listens on. */
public final class Sockets {
    public static final String HOST = "127.0.0.1";

    /** Where the simulators listen: this machine's loopback, and in a container, which has addresses of its own, everywhere. */
    static final String LISTEN = System.getProperty("caravan.listen", HOST);

    private static final int CONNECT_MS = 500;

    private static final int FIRST_FREE = 10_000;

    /** Where Linux' own range begins, unless somebody set another. */
    private static final int FIRST_OF_CONNECTIONS = 32_768;

    private static final int TRIES = 2_000;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Sockets() {}

    /**
     * Ports that nobody listens on, all different, none given twice by this process: below those that the system gives to whoever connects, so that no connection
     * takes the port of a part that is not there yet or away for a moment, and holds it.
     *
     * @throws FleetException when there are not as many
     */
    public static List<Integer> free(int count) {
        List<Integer> free = ThreadLocalRandom.current()
                .ints(TRIES, FIRST_FREE, FIRST_OF_CONNECTIONS)
                .filter(port -> isFree(port) && GIVEN.add(port))
                .limit(count)
                .boxed()
                .toList();
        if (free.size() < count) {
            throw new FleetException("There are no " + count + " free ports on this machine.");
        }
        return free;
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
}
