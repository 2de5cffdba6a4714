package caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway that is about to stop, which only this test may see. */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(Upstreams.class)
@TestProfile(LastAnswersTest.OfItsOwn.class)
@Timeout(20)
class LastAnswersTest {

    public static class OfItsOwn implements QuarkusTestProfile {}

    private static final int BOUND_MS = 5_000;

    @Inject
    Event<ShutdownDelayInitiatedEvent> stops;

    @BeforeEach
    void logIn() {
        Somebody.CUSTOMER.asks();
    }

    @Test
    void answersOnConnectionsThatWereKeptAndLetsThemAndStreamsGo() throws Exception {
        try (Socket kept = new Socket("localhost", RestAssured.port);
                HttpClient one = client(Version.HTTP_1_1);
                HttpClient two = client(Version.HTTP_2)) {
            kept.setSoTimeout(BOUND_MS);
            assertThat(ask(kept)).doesNotContainIgnoringCase("connection: close");
            two.send(request("/api/v1/orders/1"), BodyHandlers.ofString());
            try (Stream<String> events = one.send(request("/api/v1/orders/stream-9/events"), BodyHandlers.ofLines())
                    .body()) {
                Iterator<String> lines = events.iterator();
                assertThat(lines.next()).isEqualTo(": open");

                CompletableFuture<HttpResponse<String>> underWay =
                        two.sendAsync(request("/api/v1/orders/silent-1"), BodyHandlers.ofString());

                stops.fire(new ShutdownDelayInitiatedEvent());

                assertThat(two.send(request("/api/v1/orders/1"), BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(underWay.get(BOUND_MS, TimeUnit.MILLISECONDS).statusCode())
                        .isEqualTo(504);
                while (lines.hasNext()) {
                    // An empty line may come; then the end, and no exception.
                    assertThat(lines.next()).isEmpty();
                }
            }
            assertThat(ask(kept)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(kept.getInputStream().read()).isEqualTo(-1);
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> answer = two.send(request("/api/v1/orders/1"), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }

    /** Gives the answer's head, and reads its body. */
    private static String ask(Socket kept) throws IOException {
        String request = "GET /api/v1/orders/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + Somebody.CUSTOMER.bearer() + "\r\n\r\n";
        kept.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        BufferedReader in = new BufferedReader(new InputStreamReader(kept.getInputStream(), StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        in.skip(length);
        return head.toString();
    }

    private static HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Authorization", Somebody.CUSTOMER.bearer())
                .build();
    }

    private static HttpClient client(Version version) {
        return HttpClient.newBuilder().version(version).build();
    }
}
