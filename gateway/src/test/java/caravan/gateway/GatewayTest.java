package caravan.gateway;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(Upstreams.class)
class GatewayTest {

    private static final int LIMIT = 256 * 1024;

    @BeforeEach
    void logIn() {
        Somebody.CUSTOMER.asks();
    }

    @AfterEach
    void logOut() {
        Somebody.nobodyAsks();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/orders,order",
        "/api/v1/orders?limit=2&cursor=a%2Bb,order",
        "/api/v1/orders/42/events,order",
        "/api/v1/ops/sagas?state=STUCK,saga"
    })
    void passesAPathToTheServiceThatOwnsIt(String path, String service) throws Exception {
        HttpResponse<String> answer = send(request(path).GET());

        JsonObject echo = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(echo.getString("service")).isEqualTo(service);
        assertThat(echo.getString("uri")).isEqualTo(path);
    }

    @Test
    void passesMethodBodyAndHeaders() throws Exception {
        JsonObject echo = echo(request("/api/v1/orders")
                .header("Idempotency-Key", "k1")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"a\":1}")));

        assertThat(echo.getString("method")).isEqualTo("POST");
        assertThat(echo.getString("body")).isEqualTo("{\"a\":1}");
        assertThat(echo.getJsonObject("headers").getMap())
                .containsEntry("idempotency-key", "k1")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void speaksHttp2WithAndWithoutABody() throws Exception {
        HttpResponse<String> without = send(request("/api/v1/orders").GET(), HttpClient.Version.HTTP_2);
        HttpResponse<String> with =
                send(request("/api/v1/orders").POST(BodyPublishers.ofString("{}")), HttpClient.Version.HTTP_2);

        assertThat(without.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(without.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(with.body()).getString("body")).isEqualTo("{}");
    }

    @Test
    void passesABodyThatComesInChunks() throws Exception {
        JsonObject echo = echo(request("/api/v1/orders").POST(inChunks(LIMIT)));

        assertThat(echo.getString("body")).hasSize(LIMIT);
    }

    @Test
    void readsABodyThatComesInChunksItself() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + "/auth/login"))
                        .header("Content-Type", "application/json")
                        .POST(inChunks("{\"email\":\"nobody@example.org\",\"password\":\"none of yours\"}")));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("invalid-credentials");
    }

    @Test
    void passesALargeAnswer() throws Exception {
        assertThat(send(request("/api/v1/orders/large").GET()).body()).hasSize(1 << 20);
    }

    @Test
    void passesAProblemAndAnUnchangedAnswerAsTheyAre() throws Exception {
        HttpResponse<String> unchanged =
                send(request("/api/v1/orders/unchanged").GET());
        HttpResponse<String> problem = send(request("/api/v1/orders/problem").GET());

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.headers().firstValue("ETag")).contains("\"7\"");
        assertThat(problem.statusCode()).isEqualTo(422);
        assertThat(problem.body()).isEqualTo("{\"code\":\"unknown-sku\"}");
    }

    @Test
    void stripsWhatAClientSaysOfItself() throws Exception {
        JsonObject echo = echo(request("/api/v1/orders")
                .header("X-Customer-Id", "somebody")
                .header("X-Forwarded-For", "10.0.0.1")
                .header("x-forwarded-host", "evil")
                .header("Forwarded", "for=10.0.0.1")
                .header("X-Real-IP", "10.0.0.1")
                .header("Accept-Language", "en")
                .GET());

        assertThat(echo.getJsonObject("headers").fieldNames())
                .contains("accept-language")
                .doesNotContain("x-customer-id", "forwarded", "x-real-ip");
        assertThat(echo.getJsonObject("headers").getMap())
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-host", "localhost:" + RestAssured.port)
                .containsEntry("x-forwarded-proto", "http");
    }

    @Test
    void keepsAGoodRequestIdAndAnswersIt() {
        Response answer = given().header("X-Request-Id", "abc-123").get("/api/v1/orders");

        assertThat(answer.headers().getValues("X-Request-Id")).containsExactly("abc-123");
        assertThat(new JsonObject(answer.asString()).getJsonObject("headers").getString("x-request-id"))
                .isEqualTo("abc-123");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<script>", "ü"})
    void replacesABadRequestId(String bad) {
        Response answer = given().header("X-Request-Id", bad).get("/api/v1/orders");

        assertThat(answer.header("X-Request-Id")).hasSize(36);
    }

    @Test
    void makesARequestIdWhenThereIsNoneOrItIsTooLong() {
        assertThat(given().get("/nowhere").header("X-Request-Id")).hasSize(36);
        assertThat(given().header("X-Request-Id", "a".repeat(129))
                        .get("/api/v1/orders")
                        .header("X-Request-Id"))
                .hasSize(36);
    }

    @Test
    void continuesTheTrace() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        JsonObject echo = echo(request("/api/v1/orders")
                .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .header("tracestate", "vendor=1")
                .header("baggage", "shop=7")
                .GET());

        assertThat(echo.getJsonObject("headers").getString("traceparent"))
                .startsWith("00-" + trace)
                .doesNotContain("|")
                .doesNotContain("b7ad6b7169203331");
        assertThat(echo.getJsonObject("headers").getMap())
                .containsEntry("tracestate", "vendor=1")
                .containsEntry("baggage", "shop=7");
    }

    @Test
    void startsATraceWhenThereIsNone() throws Exception {
        JsonObject echo = echo(request("/api/v1/orders").GET());

        assertThat(echo.getJsonObject("headers").getString("traceparent")).startsWith("00-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/api/v1/ordersx", "/api/v1", "/api/v1/orders/../secrets", "/q/health"})
    void saysThatNoServiceHasAPath(String path) throws Exception {
        HttpResponse<String> answer = send(request(path).GET());

        JsonObject problem = new JsonObject(answer.body());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(problem.getString("code")).isEqualTo("not-found");
        assertThat(problem.getString("requestId"))
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    }

    @Test
    void routesByThePathThatTheServiceWillSee() throws Exception {
        assertThat(echo(request("/api/v1/ops/../ops/sagas").GET()).getString("uri"))
                .isEqualTo("/api/v1/ops/sagas");
    }

    @Test
    void saysWhenAServiceIsAway() {
        Response answer = given().get("/api/v1/products/TEA");

        problem(answer, 503, "temporary-reduced-capacity").body("retryable", Matchers.is(true));
        assertThat(answer.header("Retry-After")).isEqualTo("2");
    }

    @Test
    void saysWhenAConnectionBreaks() {
        problem(given().get("/api/v1/orders/broken"), 503, "temporary-reduced-capacity");
        problem(given().body("x").post("/api/v1/orders/broken/cancel"), 503, "temporary-reduced-capacity");
    }

    @Test
    void saysWhenAServiceIsSilent() {
        problem(given().get("/api/v1/orders/silent"), 504, "gateway-timeout");
    }

    @Test
    void letsNoForeignErrorPageThrough() {
        problem(given().get("/api/v1/orders/html"), 502, "bad-gateway");
    }

    @Test
    void refusesABodyOverTheLimit() throws Exception {
        HttpResponse<String> declared =
                send(request("/api/v1/orders").POST(BodyPublishers.ofByteArray(new byte[LIMIT + 1])));
        HttpResponse<String> chunked = send(request("/api/v1/orders").POST(inChunks(LIMIT + 1)));

        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(declared.body()).contains("body-too-large");
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).contains("body-too-large");
    }

    @Test
    void readsNoBodyForAPathThatNobodyHas() throws Exception {
        assertThat(send(request("/nowhere").POST(inChunks(1 << 20))).statusCode())
                .isEqualTo(404);
    }

    @Test
    void takesABodyOfExactlyTheLimit() throws Exception {
        assertThat(send(request("/api/v1/orders").POST(BodyPublishers.ofByteArray(new byte[LIMIT])))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesHeadersOverTheLimit() throws Exception {
        HttpResponse<String> answer = send(
                request("/api/v1/orders").header("X-Long", "x".repeat(17_000)).GET());

        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(answer.body()).contains("headers-too-large");
    }

    @Test
    void saysWhichMethodsAPathHas() {
        Response answer = given().delete("/api/v1/orders/42");

        problem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void leadsNobodyToWhatIsInternal() {
        problem(given().get("/internal/load"), 404, "not-found");
    }

    @Test
    void triesAgainWhenAConnectionBreaks() {
        Response read = given().get("/api/v1/orders/flaky-2-read");
        Response keyed = given().header("Idempotency-Key", "k").body("{}").post("/api/v1/orders/flaky-1-write/cancel");

        assertThat(read.header("X-Tries")).isEqualTo("3");
        assertThat(keyed.header("X-Tries")).isEqualTo("2");
        assertThat(new JsonObject(keyed.asString()).getString("body")).isEqualTo("{}");
    }

    @Test
    void sendsNothingTwiceThatMayHappenTwice() {
        problem(given().body("{}").post("/api/v1/orders/flaky-1-blind/cancel"), 503, "temporary-reduced-capacity");

        assertThat(given().get("/api/v1/orders/flaky-1-blind").header("X-Tries"))
                .isEqualTo("2");
    }

    @Test
    void passesEachEventBeforeTheNextIsWritten() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines = client.send(
                                request("/api/v1/orders/stream-1/events").build(), BodyHandlers.ofLines())
                        .body()) {
            Iterator<String> events = lines.filter(line -> !line.isEmpty()).iterator();
            assertThat(events.next()).isEqualTo(": open");

            for (int i = 1; i <= 3; i++) {
                order("/control/event?id=stream-1", "data: " + i + "\n\n");

                assertThat(events.next()).isEqualTo("data: " + i);
            }
        }
    }

    @Test
    void hangsUpWhenTheListenerDoes() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        client.send(request("/api/v1/orders/stream-2/events").build(), BodyHandlers.ofInputStream())
                .body()
                .close();
        client.shutdownNow();

        await().atMost(10, SECONDS)
                .untilAsserted(() ->
                        assertThat(order("/control/closed?id=stream-2", "")).isEqualTo("true"));
    }

    @Test
    void neverCutsAnAnswerShortInSilence() {
        assertThatIOException()
                .isThrownBy(() -> send(request("/api/v1/orders/cut-large").GET()));
        problem(given().get("/api/v1/orders/cut-small"), 502, "bad-gateway");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked",
                "Content-Length: 3\r\nContent-Length: 4",
                "Content-Length: 3\r\nContent-Length: 3",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: xchunked",
                "Content-Length: +3",
                "Content-Length: 3\r\nHost: other"
            })
    void refusesARequestWhoseEndIsUncertain(String headers) throws Exception {
        String head = "POST /api/v1/orders HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n";

        assertThat(raw(head + "0\r\n\r\nGET /api/v1/orders/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .containsOnlyOnce("HTTP/1.1 ");
    }

    /** By Quarkus, before anything of ours sees it, and so without a problem body. */
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders/%zz", "/%", "/api/v1/orders/%4"})
    void refusesAPathWithHalfAnEscape(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi?format=%zz", "/api/v1/products?q=%zz", "/docs?%"})
    void answersAQueryWithHalfAnEscapeWithoutAFault(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .doesNotStartWith("HTTP/1.1 500");
    }

    @Test
    void takesABodyWithoutALengthOverHttp2() {
        Vertx vertx = Vertx.vertx();
        HttpClientOptions http2 =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        HttpClient2 client =
                new HttpClient2(vertx.createHttpClient(http2), RestAssured.port, Somebody.CUSTOMER.bearer());

        assertThat(new JsonObject(client.post("/api/v1/orders", 3, 1000)).getString("body"))
                .hasSize(3000);
        assertThat(client.post("/api/v1/orders", LIMIT / 1000 + 2, 1000)).contains("body-too-large");
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void answersBrowsersOfExplicitOriginsOnly() {
        Response preflight = given().header("Origin", Upstreams.SHOP)
                .header("Access-Control-Request-Method", "POST")
                .options("/api/v1/orders");
        Response stranger = given().header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .options("/api/v1/orders");
        Response problem = given().header("Origin", Upstreams.SHOP).get("/api/v1/orders/html");

        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(Upstreams.SHOP);
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Idempotency-Key");
        assertThat(stranger.header("Access-Control-Allow-Origin")).isNull();
        assertThat(stranger.header("Vary")).containsIgnoringCase("Origin");
        assertThat(problem.header("Access-Control-Expose-Headers")).contains("Retry-After");
        assertThat(problem.header("Access-Control-Allow-Origin")).isEqualTo(Upstreams.SHOP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/orders", "/api/v1/orders/html", "/nowhere", "/problems/not-found"})
    void tellsBrowsersToBeCareful(String path) {
        Response answer = given().get(path);

        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(answer.header("Strict-Transport-Security")).isNull();
    }

    @Test
    void refusesOrdersEarlyWhileMoreAreOpenThanCanEnd() throws Exception {
        saga("{\"open\":90000,\"endedPerSecond\":10000}");

        await().atMost(10, SECONDS).untilAsserted(() -> {
            Response answer = given().body("{}").post("/api/v1/orders");
            problem(answer, 503, "temporary-reduced-capacity");
            assertThat(answer.header("Retry-After")).isEqualTo("4");
        });
        assertThat(given().get("/api/v1/orders").statusCode()).isEqualTo(200);
        saga("no load");

        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(
                                given().body("{}").post("/api/v1/orders").statusCode())
                        .isEqualTo(200));
    }

    @Test
    void explainsProblemsToPeopleAndPrograms() {
        given().accept("text/html,*/*")
                .get("/problems/quota-exceeded")
                .then()
                .statusCode(200)
                .contentType(Matchers.startsWith("text/html"))
                .body(Matchers.containsString("What to do"));
        given().accept("application/json")
                .get("/problems/quota-exceeded")
                .then()
                .statusCode(200)
                .body("retryable", Matchers.is(true))
                .body("status", Matchers.is(429));
        problem(given().get("/problems/no-such"), 404, "not-found");
    }

    @Test
    void showsItsDocumentAsYamlAndJsonAndToPeople() {
        given().get("/openapi").then().statusCode(200).contentType("application/yaml");
        given().get("/openapi?format=json")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("openapi", Matchers.startsWith("3.1"));
        given().get("/docs").then().statusCode(200).body(Matchers.containsString("/docs/swagger-ui-bundle.js"));
        given().get("/docs/start.js").then().statusCode(200);
        given().get("/docs/swagger-ui-bundle.js").then().statusCode(200);
        problem(given().get("/docs/index.html"), 404, "not-found");
        problem(given().get("/webjars/swagger-ui/index.html"), 404, "not-found");
    }

    @Test
    void servesTheConsoleUnderItsPolicy() {
        for (String path :
                new String[] {"/console", "/console/main.js", "/console/console.css", "/console/settings.json"}) {
            given().get(path)
                    .then()
                    .statusCode(200)
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Content-Security-Policy", Matchers.startsWith("default-src 'self';"))
                    .header("Content-Security-Policy", Matchers.not(Matchers.containsString("unsafe")));
        }
        problem(given().get("/console/console.html"), 404, "not-found");
        problem(given().get("/console/..%2fapplication.properties"), 404, "not-found");
    }

    @Test
    void isReadyWhateverItsServicesAre() {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);

        given().port(port).get("/q/health/ready").then().statusCode(200).body("status", Matchers.is("UP"));
    }

    private static ValidatableResponse problem(Response answer, int status, String code) {
        return answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", Matchers.is(code))
                .body("traceId", Matchers.matchesPattern("[0-9a-f]{32}"))
                .body("requestId", Matchers.is(answer.header("X-Request-Id")));
    }

    private static String order(String path, String body) throws IOException, InterruptedException {
        return control("caravan.gateway.orders-url", path, body);
    }

    private static void saga(String load) throws IOException, InterruptedException {
        control("caravan.gateway.sagas-url", "/control/load", load);
    }

    /** Past the gateway. */
    private static String control(String service, String path, String body) throws IOException, InterruptedException {
        URI uri = URI.create(ConfigProvider.getConfig().getValue(service, String.class) + path);
        return send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)))
                .body();
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static HttpRequest.BodyPublisher inChunks(int size) {
        return inChunks("x".repeat(size));
    }

    private static HttpRequest.BodyPublisher inChunks(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Authorization", Somebody.forPath(path).bearer());
    }

    private static JsonObject echo(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new JsonObject(send(request).body());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request, HttpClient.Version.HTTP_1_1);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, HttpClient.Version version)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
