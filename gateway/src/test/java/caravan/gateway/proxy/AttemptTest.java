package caravan.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TracerProvider;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that speaks no HTTP, or not for long. */
class AttemptTest {

    private static final long DEADLINE_MS = 500;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stops() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "'SSH-2.0-OpenSSH\r\n\r\n', GARBAGE",
        "'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', GARBAGE",
        "'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', GARBAGE",
        "'HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n', GARBAGE",
        "'HTTP/1.1 503 Oops\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n', GARBAGE",
        "'HTTP/1.1 200 OK\r\nContent-', GARBAGE",
        "'', BROKEN"
    })
    void knowsWhatIsNoAnswer(String said, Fault.Kind kind) {
        int port = serverThatSays(said);

        assertThat(attempt(port)).isEqualTo(kind);
    }

    @Test
    void knowsSilence() {
        int port = listen(vertx.createNetServer().connectHandler(_ -> {}));

        assertThat(attempt(port)).isEqualTo(Fault.Kind.SILENT);
    }

    @Test
    void knowsThatNobodyIsThere() throws IOException {
        // Bound and not listening: nobody else can take the port meanwhile.
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(0));

            assertThat(attempt(taken.getLocalPort())).isEqualTo(Fault.Kind.UNREACHABLE);
        }
    }

    private Fault.Kind attempt(int port) {
        CompletableFuture<Fault.Kind> outcome = new CompletableFuture<>();
        Downstream downstream = new Downstream(
                "test",
                URI.create("http://localhost:" + port),
                2,
                Duration.ofSeconds(1),
                vertx,
                TracerProvider.noop().get("test"));
        Outbound outbound = new Outbound(HttpMethod.GET, "/", new Upload.Nothing());
        vertx.runOnContext(_ -> new Attempt(vertx, DEADLINE_MS)
                .start(downstream, outbound, _ -> {}, DEADLINE_MS)
                .whenComplete((_, thrown) -> outcome.complete(
                        thrown == null ? Fault.Kind.DEFECT : Fault.of(thrown).kind())));
        return outcome.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private int serverThatSays(String text) {
        return listen(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(_ -> socket.end(io.vertx.core.buffer.Buffer.buffer(text)))));
    }

    private static int listen(NetServer server) {
        return server.listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }
}
