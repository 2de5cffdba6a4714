package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Scanner;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketsTest {
    private static final int MANY = 100;

    @Test
    void freePortsAreNoneThatTheSystemGivesToConnections() throws IOException {
        int first;
        try (Scanner range =
                new Scanner(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), StandardCharsets.US_ASCII)) {
            first = range.nextInt();
        }

        assertThat(Sockets.free(MANY)).hasSize(MANY).allMatch(port -> port >= 1024 && port < first);
    }

    @Test
    void noPortIsGivenTwice() {
        Set<Integer> given = new HashSet<>();

        for (int i = 0; i < MANY; i++) {
            assertThat(given.addAll(Sockets.free(10))).isTrue();
        }

        assertThat(given).hasSize(10 * MANY);
    }

    @Test
    void aPortOnWhichSomebodyListensIsNotFree() throws IOException {
        int port = Sockets.free(1).getFirst();
        assertThat(Sockets.isFree(port)).isTrue();

        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.ofLiteral(Sockets.HOST))) {
            assertThat(Sockets.isFree(port)).isFalse();
        }
    }
}
