package caravan.gateway;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One service hangs; what do its callers see, and what the others'? */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(
        value = Upstreams.class,
        initArgs = {@ResourceArg(name = "inventory", value = "answers"), @ResourceArg(name = "deadline", value = "4s")})
@TestProfile(GuardsTest.Nervous.class)
class GuardsTest {

    private static final String TRICKLE =
            "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String CHUNKED =
            "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n";

    /** Opens after a few calls and for two seconds; very few places. */
    public static class Nervous implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.gateway.breaker.window", "6",
                    "caravan.gateway.breaker.open-for", "2s",
                    "caravan.gateway.bulkhead.order", "4",
                    "caravan.gateway.bulkhead.inventory", "2",
                    "caravan.gateway.bulkhead.streams-each", "2",
                    "caravan.gateway.bulkhead.waiting", "1",
                    "caravan.gateway.upload-within", "1s");
        }
    }

    @BeforeEach
    void logIn() {
        Somebody.CUSTOMER.asks();
    }

    @AfterEach
    void logOut() {
        Somebody.nobodyAsks();
    }

    @Test
    void opensForAServiceThatHangsAndClosesWhenItIsBack() {
        given().get("/api/v1/products/WARM-UP");
        List<CompletableFuture<HttpResponse<String>>> hanging = hang("/api/v1/orders/silent-", 4);

        IntStream.range(0, 10)
                .mapToObj(i -> given().get("/api/v1/products/TEA-" + i))
                .forEach(other -> assertThat(other.statusCode()).isEqualTo(200));
        assertThat(hanging).noneMatch(CompletableFuture::isDone);
        assertThat(hanging).extracting(answer -> answer.join().statusCode()).containsOnly(504);
        assertThat(hang("/api/v1/orders/silent-", 4))
                .extracting(answer -> answer.join().statusCode())
                .contains(504)
                .isSubsetOf(List.of(504, 503));

        Response refused = given().get("/api/v1/orders/42");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("temporary-reduced-capacity");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 2);
        assertThat(metric("breaker_state", "order")).isEqualTo(2);
        assertThat(metric("breaker_state", "inventory")).isZero();
        await().atMost(10, SECONDS)
                .untilAsserted(
                        () -> assertThat(metric("breaker_state", "order")).isEqualTo(1));

        assertThat(given().get("/api/v1/orders/42").statusCode()).isEqualTo(200);
        assertThat(metric("breaker_state", "order")).isZero();
        assertThat(metric("breaker_calls_total", "order", "outcome=\"silent\"")).isPositive();
        assertThat(metric("breaker_calls_total", "order", "outcome=\"breaker_open\""))
                .isPositive();
        assertThat(metric("bulkhead_active", "order", "places=\"requests\"")).isZero();
    }

    @Test
    void refusesWhatFindsNoPlaceWhileStreamsHaveTheirOwn() {
        List<CompletableFuture<HttpResponse<String>>> hanging = hang("/api/v1/products/silent-", 12);

        assertThat(hanging).extracting(answer -> answer.join().statusCode()).contains(503, 504);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(metric("bulkhead_active", "inventory", "places=\"requests\""))
                        .isZero());
    }

    @Test
    void givesThePlaceBackOfWhomLeavesBeforeItIsTheirs() throws Exception {
        pauseRedis();
        for (int i = 0; i < 8; i++) {
            send("GET /api/v1/products HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n")
                    .close();
        }

        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(given().accept("text/plain")
                                .get("/api/v1/products/TEA")
                                .statusCode())
                        .isEqualTo(200));
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(metric("bulkhead_active", "inventory", "places=\"requests\""))
                        .isZero());
    }

    @Test
    void givesThePlaceBackOfAnAnswerThatBreaksOffAndCountsIt() throws Exception {
        String route = "route=\"/api/v1/orders/{id}\"";
        double before = Meters.here().sum("http_requests_total", route);

        try (Socket cut = send("GET /api/v1/orders/cut-large HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + Somebody.CUSTOMER.bearer() + "\r\n\r\n")) {
            cut.setSoTimeout(5_000);
            assertThat(new String(cut.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200");
        }

        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(metric("bulkhead_active", "order", "places=\"requests\""))
                        .isZero());
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(Meters.here().sum("http_requests_total", route))
                        .isEqualTo(before + 1));
    }

    @Test
    void forgetsStreamsThatHaveEnded() {
        for (int i = 0; i < 10; i++) {
            given().get("/api/v1/orders/nothing-" + i + "/events").then().statusCode(204);
        }
        given().head("/api/v1/orders/42/events").then().statusCode(200);

        await().atMost(10, SECONDS)
                .untilAsserted(
                        () -> assertThat(Meters.here().sum("streams_open")).isZero());
    }

    @Test
    void givesNobodyMoreStreamsThanTheirShare() throws Exception {
        try (Socket one = listen(Somebody.CUSTOMER, "stream-one");
                Socket two = listen(Somebody.CUSTOMER, "stream-two")) {
            assertThat(status(one)).isEqualTo("HTTP/1.1 200");
            assertThat(status(two)).isEqualTo("HTTP/1.1 200");
            try (Socket three = listen(Somebody.CUSTOMER, "stream-three");
                    Socket other = listen(Somebody.OPERATOR, "stream-other")) {
                assertThat(status(three)).isEqualTo("HTTP/1.1 503");
                assertThat(status(other)).isEqualTo("HTTP/1.1 200");
            }
        }

        await().atMost(10, SECONDS).untilAsserted(() -> {
            try (Socket again = listen(Somebody.CUSTOMER, "stream-again")) {
                assertThat(status(again)).isEqualTo("HTTP/1.1 200");
            }
        });
    }

    private static Socket listen(Somebody who, String order) throws IOException {
        Socket socket = send("GET /api/v1/orders/" + order + "/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + who.bearer() + "\r\n\r\n");
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), US_ASCII);
    }

    @Test
    void asksWhoSendsABodyBeforeItReadsIt() throws Exception {
        try (Socket socket = send(CHUNKED + "\r\n")) {
            socket.setSoTimeout(2_000);

            assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void waitsForABodyOnlySoLong() throws Exception {
        try (Socket socket = send(CHUNKED + "Authorization: " + Somebody.CUSTOMER.bearer() + "\r\n\r\n1\r\n{\r\n")) {
            socket.setSoTimeout(5_000);

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"code\":\"bad-request\"");
        }
    }

    @Test
    void waitsNoLongerForABodyThatNobodyWants() throws Exception {
        try (Socket socket = send(TRICKLE)) {
            socket.setSoTimeout(5_000);

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 404")
                    .containsOnlyOnce("HTTP/1.1 ");
        }
    }

    /** For longer than the gate waits for it, which is long enough for somebody to leave. */
    private static void pauseRedis() throws IOException {
        URI redis = ConfigProvider.getConfig().getValue("caravan.redis.url", URI.class);
        try (Socket socket = new Socket(redis.getHost(), redis.getPort())) {
            socket.getOutputStream().write("CLIENT PAUSE 200\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(3), US_ASCII))
                    .isEqualTo("+OK");
        }
    }

    private static Socket send(String request) throws IOException {
        Socket socket = new Socket("localhost", RestAssured.port);
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }

    private static List<CompletableFuture<HttpResponse<String>>> hang(String path, int times) {
        HttpClient client = HttpClient.newHttpClient();
        return IntStream.range(0, times)
                .mapToObj(i -> URI.create("http://localhost:" + RestAssured.port + path + i))
                .map(uri -> client.sendAsync(
                        HttpRequest.newBuilder(uri)
                                .header("Authorization", Somebody.CUSTOMER.bearer())
                                .build(),
                        BodyHandlers.ofString()))
                .toList();
    }

    private static double metric(String name, String downstream, String... labels) {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);
        return given().port(port)
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + "{") && line.contains("downstream=\"" + downstream + "\""))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
