package caravan.fleet.chaos;

import caravan.fleet.FleetException;
import caravan.fleet.Sockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * One wire: takes connections on a port of its own and passes what comes on to another. Frozen, it takes everything and passes nothing on, not even that somebody has
 * hung up, as a network does that loses packets; what was sent meanwhile arrives when it thaws. Any thread; its own are virtual.
 */
public final class Relay implements AutoCloseable {

    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CONNECT_MS = 2_000;
    private static final int BACKLOG = 128;

    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile Supplier<InetSocketAddress> target = () -> new InetSocketAddress(0);
    /** Whoever has something to pass on waits for it. */
    private volatile CountDownLatch gate = new CountDownLatch(0);

    private Relay(ServerSocket door) {
        this.door = door;
    }

    /** Takes a port; {@link #to} begins. */
    public static Relay open() {
        try {
            return new Relay(new ServerSocket(0, BACKLOG, InetAddress.ofLiteral(Sockets.HOST)));
        } catch (IOException e) {
            throw new FleetException("No port is left for a relay: " + e.getMessage(), e);
        }
    }

    /** From now on what comes goes there. */
    void to(String host, int port) {
        InetSocketAddress place = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        to(() -> place);
    }

    /** The same, with a place for each connection; what is open stays where it is. */
    public void to(Supplier<InetSocketAddress> place) {
        target = place;
        Thread.ofVirtual().name("relay-" + port()).start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    void freeze() {
        gate = new CountDownLatch(1);
    }

    void thaw() {
        gate.countDown();
    }

    /** Resets all connections; new ones are welcome. */
    void reset() {
        sockets.forEach(Relay::reset);
    }

    @Override
    public void close() {
        thaw();
        try {
            door.close();
        } catch (IOException _) {
            // It is not heard of again.
        }
        reset();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                // Closed, or gone again before it was taken.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket()) {
            sockets.add(client);
            sockets.add(server);
            passOn(client, server);
        } catch (IOException _) {
            // Closed already.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void passOn(Socket client, Socket server) throws InterruptedException {
        try {
            passGate();
            server.connect(target.get(), CONNECT_MS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException _) {
            // Nobody listens there.
            reset(client);
            return;
        }
        Thread there = Thread.ofVirtual().start(() -> pump(client, server));
        pump(server, client);
        there.join();
    }

    private void pump(Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                passGate();
                out.write(chunk, 0, read);
            }
            passGate();
            to.shutdownOutput();
        } catch (IOException _) {
            hangUp(from, to);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one end did without a word, the other learns as such. */
    private void hangUp(Socket from, Socket to) {
        try {
            passGate();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        reset(from);
        reset(to);
    }

    private void passGate() throws InterruptedException {
        gate.await();
    }

    private static void reset(Socket socket) {
        try {
            // Without lingering, closing is a reset.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // Closed already.
        }
    }
}
