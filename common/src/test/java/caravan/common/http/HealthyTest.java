package caravan.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthyTest {

    private HttpServer server;

    @BeforeEach
    void starts() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        answer("/ready", 200);
        answer("/not-ready", 503);
        server.start();
    }

    @AfterEach
    void stops() {
        server.stop(0);
    }

    @Test
    void isWellWhenThePathAnswers200() {
        assertThat(Healthy.answers(port(), "/ready")).isTrue();
    }

    @Test
    void isNotForAnyOtherAnswer() {
        assertThat(Healthy.answers(port(), "/not-ready")).isFalse();
    }

    @Test
    void isNotWhenNobodyListens() {
        int port = port();
        server.stop(0);

        assertThat(Healthy.answers(port, "/ready")).isFalse();
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private void answer(String path, int status) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }
}
