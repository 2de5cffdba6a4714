package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RelayTest {

    private static final int SILENCE_MS = 300;
    private static final int BOUND_MS = 5_000;

    private final Relay relay = Relay.open();
    private ServerSocket server;

    @BeforeEach
    void leadsToAServer() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.ofLiteral(Sockets.HOST));
        server.setSoTimeout(BOUND_MS);
        relay.to(Sockets.HOST, server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        relay.close();
        server.close();
    }

    @Test
    void passesOnWhatBothSay() throws IOException {
        try (Socket client = dial();
                Socket served = server.accept()) {
            client.getOutputStream().write('a');
            served.getOutputStream().write('b');

            assertThat(served.getInputStream().read()).isEqualTo('a');
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void tellsTheOneThatTheOtherHungUp() throws IOException {
        Socket client = dial();
        try (Socket served = server.accept()) {
            served.setSoTimeout(BOUND_MS);
            client.close();

            assertThat(served.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void passesNothingOnWhileItIsFrozenAndAllOfItLate() throws IOException {
        try (Socket client = dial();
                Socket served = server.accept()) {
            served.setSoTimeout(SILENCE_MS);
            relay.freeze();
            client.getOutputStream().write('a');
            client.shutdownOutput();
            assertThatThrownBy(() -> served.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            relay.thaw();

            served.setSoTimeout(BOUND_MS);
            assertThat(served.getInputStream().read()).isEqualTo('a');
            assertThat(served.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void letsNewConnectionsWaitWhileItIsFrozen() throws IOException {
        relay.freeze();
        try (Socket client = dial()) {
            client.getOutputStream().write('a');
            server.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);

            relay.thaw();

            server.setSoTimeout(BOUND_MS);
            try (Socket served = server.accept()) {
                assertThat(served.getInputStream().read()).isEqualTo('a');
            }
        }
    }

    @Test
    void resetsWhatIsOpenAndTakesNewConnections() throws IOException {
        try (Socket client = dial();
                Socket served = server.accept()) {
            client.getOutputStream().write('a');
            assertThat(served.getInputStream().read()).isEqualTo('a');

            relay.reset();

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = dial();
                Socket served = server.accept()) {
            client.getOutputStream().write('b');
            assertThat(served.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void leadsNewConnectionsElsewhereAndLeavesOpenOnesWhereTheyAre() throws IOException {
        try (Relay moving = Relay.open();
                ServerSocket other = new ServerSocket(0, 10, InetAddress.ofLiteral(Sockets.HOST))) {
            AtomicInteger place = new AtomicInteger(server.getLocalPort());
            moving.to(() -> new InetSocketAddress(InetAddress.ofLiteral(Sockets.HOST), place.get()));
            other.setSoTimeout(BOUND_MS);
            try (Socket first = dial(moving);
                    Socket served = server.accept()) {
                place.set(other.getLocalPort());

                try (Socket second = dial(moving);
                        Socket servedElsewhere = other.accept()) {
                    second.getOutputStream().write('b');
                    first.getOutputStream().write('a');

                    assertThat(servedElsewhere.getInputStream().read()).isEqualTo('b');
                    assertThat(served.getInputStream().read()).isEqualTo('a');
                }
            }
        }
    }

    @Test
    void hangsUpWhenNobodyListens() throws IOException {
        server.close();

        try (Socket client = dial()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    private Socket dial() throws IOException {
        return dial(relay);
    }

    private static Socket dial(Relay to) throws IOException {
        Socket client = new Socket(InetAddress.ofLiteral(Sockets.HOST), to.port());
        client.setSoTimeout(BOUND_MS);
        return client;
    }
}
