package caravan.gateway;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.gateway.session.MovableClock;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of the fleet: of services that are ready, not ready, or away, once and as it changes. */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(Upstreams.class)
@TestProfile(FleetReportTest.Eager.class)
class FleetReportTest {

    private static final String FLEET = "/api/v1/ops/fleet";
    private static final String EVENTS = "/api/v1/ops/events";

    /** Looks five times a second; two may watch; time can be moved. */
    public static class Eager implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(MovableClock.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("caravan.gateway.fleet.every", "200ms", "caravan.gateway.fleet.viewers", "2");
        }
    }

    @Inject
    MovableClock clock;

    @BeforeEach
    void logIn() {
        knows(known());
        Somebody.OPERATOR.asks();
    }

    @AfterEach
    void logOut() {
        clock.reset();
        Somebody.nobodyAsks();
    }

    @Test
    void tellsHowEachServiceAndTheWayToItIs() {
        JsonObject fleet = look();

        assertThat(service(fleet, "gateway").getString("state")).isEqualTo("READY");
        assertThat(service(fleet, "order-service").getMap())
                .containsEntry("state", "READY")
                .containsEntry("healthy", true)
                .containsEntry("breaker", "CLOSED");
        assertThat(service(fleet, "order-service").getJsonObject("requests"))
                .isEqualTo(new JsonObject("{\"active\":0,\"most\":128}"));
        assertThat(service(fleet, "saga-orchestrator").getMap())
                .containsEntry("state", "NOT_READY")
                .containsEntry("healthy", false);
        assertThat(service(fleet, "saga-orchestrator").getJsonArray("failing"))
                .isEqualTo(new JsonArray("[\"database\"]"));
        assertThat(service(fleet, "payment-service").getMap())
                .containsEntry("state", "UNREACHABLE")
                .doesNotContainKey("breaker");
        assertThat(fleet.getString("admission")).isEqualTo("OPEN");
    }

    @Test
    void putsInWhatTheOrchestratorKnowsAskedInTheNameOfTheOperator() {
        JsonObject fleet = look();

        assertThat(fleet.getJsonObject("sagas").getInteger("stuck")).isEqualTo(3);
        assertThat(fleet.getJsonArray("lags").getJsonObject(0).getString("group"))
                .isEqualTo("order-service");
        assertThat(fleet.getJsonArray("unreachable")).isEmpty();
        assertThat(control("/control/fleet-asked-by", "")).isEqualTo(Somebody.OPERATOR.bearer());
    }

    @Test
    void namesTheFiguresThatNobodySaysAndHasTheRest() {
        JsonObject known = known();
        known.remove("lags");
        knows(known);

        JsonObject without = look();
        knows(new JsonObject());
        JsonObject nothing = look();

        assertThat(without.getJsonArray("unreachable")).containsExactly("lags");
        assertThat(without.getJsonObject("sagas")).isNotNull();
        assertThat(nothing.getJsonArray("unreachable"))
                .containsExactly("sagas", "deadLetters", "lastMinute", "pace", "lags");
        assertThat(nothing.getJsonArray("services")).hasSize(7);
    }

    @Test
    void isForOperatorsAlone() {
        Somebody.CUSTOMER.asks();
        assertThat(given().get(FLEET).jsonPath().getString("code")).isEqualTo("insufficient-scope");
        assertThat(given().get(EVENTS).statusCode()).isEqualTo(403);

        Somebody.nobodyAsks();
        assertThat(given().get(FLEET).statusCode()).isEqualTo(401);
        assertThat(given().header("Authorization", "Bearer forged").get(EVENTS).statusCode())
                .isEqualTo(401);
    }

    @Test
    void tellsAllWhoWatchOfEachMoveOnce() {
        List<String> one = watch();
        List<String> other = watch();
        await().atMost(10, SECONDS).until(() -> count(one, "event: fleet") > 0 && count(other, "event: fleet") > 0);

        knows(moved(7));
        await().atMost(10, SECONDS).until(() -> count(one, "event: sagas") > 0 && count(other, "event: sagas") > 0);
        int looks = count(one, "event: fleet");
        await().atMost(10, SECONDS).until(() -> count(one, "event: fleet") > looks + 3);
        assertThat(count(one, "event: sagas")).isEqualTo(1);

        knows(moved(8));
        await().atMost(10, SECONDS).until(() -> count(one, "event: sagas") == 2);
        assertThat(one).anySatisfy(line -> assertThat(line).contains("\"version\":8"));
        clock.advance(Duration.ofMinutes(16));
        await().atMost(10, SECONDS).until(() -> one.contains(END) && other.contains(END));
    }

    @Test
    void endsWithTheTokenAndLetsOnlySoManyWatch() {
        List<String> one = watch();
        List<String> other = watch();
        await().atMost(10, SECONDS).until(() -> count(one, "event: fleet") > 0 && count(other, "event: fleet") > 0);
        assertThat(given().get(EVENTS).then().statusCode(503).extract().header("Retry-After"))
                .isEqualTo("10");

        clock.advance(Duration.ofMinutes(16));

        await().atMost(10, SECONDS).until(() -> one.contains(END) && other.contains(END));
        clock.reset();
        List<String> next = watch();
        await().atMost(10, SECONDS).until(() -> count(next, "event: fleet") > 0);
        clock.advance(Duration.ofMinutes(16));
        await().atMost(10, SECONDS).until(() -> next.contains(END));
    }

    @Test
    void keepsNoPlaceForWhomLeavesBeforeItIsTheirs() throws Exception {
        for (int i = 0; i < 8; i++) {
            try (Socket leaves = new Socket("localhost", RestAssured.port)) {
                leaves.getOutputStream()
                        .write(("GET " + EVENTS + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                        + Somebody.OPERATOR.bearer() + "\r\n\r\n")
                                .getBytes(US_ASCII));
            }
        }

        await().atMost(10, SECONDS).until(FleetReportTest::letsWatch);
    }

    private static boolean letsWatch() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpResponse<InputStream> answer = client.send(events(), BodyHandlers.ofInputStream());
        client.shutdownNow();
        return answer.statusCode() == 200;
    }

    private static final String END = "the end";

    /** The lines of a stream as they come, and {@link #END} after the last. */
    private static List<String> watch() {
        List<String> lines = new CopyOnWriteArrayList<>();
        var _ = HttpClient.newHttpClient()
                .sendAsync(events(), BodyHandlers.ofLines())
                .thenAccept(answer -> {
                    lines.add("status " + answer.statusCode());
                    try (Stream<String> body = answer.body()) {
                        body.forEach(lines::add);
                    }
                    lines.add(END);
                });
        await().atMost(10, SECONDS).until(() -> lines.contains("status 200"));
        return lines;
    }

    private static HttpRequest events() {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + EVENTS))
                .header("Authorization", Somebody.OPERATOR.bearer())
                .build();
    }

    private static int count(List<String> lines, String wanted) {
        return (int) lines.stream().filter(wanted::equals).count();
    }

    private static JsonObject look() {
        return new JsonObject(
                given().get(FLEET).then().statusCode(200).extract().asString());
    }

    private static JsonObject service(JsonObject fleet, String name) {
        return fleet.getJsonArray("services").stream()
                .map(JsonObject.class::cast)
                .filter(service -> service.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject known() {
        return new JsonObject()
                .put("at", Instant.now().toString())
                .put("figures", new JsonObject("""
                        {"sagas":{"open":{"place-order":2},"stuck":3,"orphans":0},"deadLetters":{"open":0,"byTopic":{}},
                         "lastMinute":{"ended":0,"endedPerSecond":0},"pace":[]}"""))
                .put("lags", new JsonObject("""
                        {"items":[{"group":"order-service","topic":"order.commands.v1","members":1,"records":4}]}"""));
    }

    private static JsonObject moved(int version) {
        JsonObject saga = new JsonObject()
                .put("id", "0198c0de-0000-7000-8000-000000000000")
                .put("version", version)
                .put("phase", "STUCK");
        return known().put(
                        "changes",
                        new JsonObject().put("items", new JsonArray().add(saga)).put("more", false));
    }

    private static void knows(JsonObject fleet) {
        control("/control/fleet", fleet.encode());
    }

    private static String control(String path, String body) {
        URI url = ConfigProvider.getConfig().getValue("caravan.gateway.sagas-url", URI.class);
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(url.resolve(path))
                                    .POST(BodyPublishers.ofString(body))
                                    .build(),
                            BodyHandlers.ofString());
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
