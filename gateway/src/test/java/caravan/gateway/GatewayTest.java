package caravan.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(Upstreams.class)
class GatewayTest {

    private static final int LIMIT = 256 * 1024;

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
                .doesNotContain("x-customer-id", "x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip");
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
        assertThat(echo(request("/api/v1/orders/../ops/sagas").GET()).getString("uri"))
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
        problem(given().body("x").post("/api/v1/orders/broken"), 503, "temporary-reduced-capacity");
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
        HttpResponse<String> nowhere = send(request("/nowhere").POST(inChunks(1 << 20)));

        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(declared.body()).contains("body-too-large");
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).contains("body-too-large");
        assertThat(nowhere.statusCode()).isEqualTo(413);
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
    void isReadyWhateverItsServicesAre() {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);

        given().port(port).get("/q/health/ready").then().statusCode(200).body("status", Matchers.is("UP"));
    }

    private static ValidatableResponse problem(Response answer, int status, String code) {
        return answer.then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("code", Matchers.is(code))
                .body("requestId", Matchers.is(answer.header("X-Request-Id")));
    }

    private static HttpRequest.BodyPublisher inChunks(int size) {
        byte[] bytes = "x".repeat(size).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path));
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
