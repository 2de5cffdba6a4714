package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import caravan.fleet.testing.LogRecorder;
import caravan.fleet.testing.LogRecorder.Line;
import caravan.fleet.testing.Meters;
import caravan.fleet.testing.Strangers;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class MetersTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ORDER = "/api/v1/orders/{id}";
    private static final List<String> TEMPLATES =
            List.of("/api/v1/orders", ORDER, "/api/v1/orders/{id}/events", "/api/v1/orders/{id}/cancel");
    private static final int TIMES = 16;

    private final UUID id = UUID.randomUUID();

    @AfterEach
    void logsOut() {
        Customer.nobodyAsks();
    }

    @Test
    void countsAndTimesARequestUnderTheTemplateOfItsResource() {
        Meters before = Meters.here();
        assertThat(before.series()).noneMatch(series -> series.startsWith("http_server_"));

        given().get("/api/v1/orders/" + id).then().statusCode(401);

        await().atMost(BOUND).untilAsserted(() -> {
            Meters after = Meters.here();
            assertThat(grown(
                            before,
                            after,
                            "http_requests_total",
                            "method=\"GET\"",
                            route(ORDER),
                            "status_code=\"401\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, "http_request_duration_seconds_count", "method=\"GET\"", route(ORDER)))
                    .isEqualTo(1);
            assertThat(edges(after)).containsExactly("0.01", "0.05", "0.1", "0.5", "1.0", "2.0", "5.0", "+Inf");
        });
    }

    @Test
    void countsWhatHasNoRoute() {
        Meters before = Meters.here();

        given().get("/nowhere/" + id).then().statusCode(404);

        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(grown(
                                before, Meters.here(), "http_requests_total", route("none"), "status_code=\"404\""))
                        .isEqualTo(1));
    }

    @Test
    void doesNotTimeWhoeverAskedToWait() {
        Meters before = Meters.here();

        given().header("Prefer", "wait=1").get("/api/v1/orders/" + id).then().statusCode(401);

        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(grown(before, Meters.here(), "http_requests_total", route(ORDER)))
                        .isEqualTo(1));
        assertThat(grown(before, Meters.here(), "http_request_duration_seconds_count", route(ORDER)))
                .isZero();
    }

    @Test
    void saysWhatWaitsInTheMiddle() {
        await().atMost(BOUND).untilAsserted(() -> {
            Meters meters = Meters.here();
            assertThat(meters.values().get("outbox_depth")).isNotNull().isNotNaN();
            assertThat(meters.values().get("outbox_oldest_age_seconds"))
                    .isNotNull()
                    .isNotNaN();
            assertThat(meters.values().get("event_loop_lag_seconds"))
                    .isNotNull()
                    .isNotNegative();
            assertThat(meters.series())
                    .anyMatch(series -> series.startsWith("db_pool_in_use{pool=\"orders\""))
                    .anyMatch(series -> series.startsWith("db_pool_idle{pool=\"orders\""))
                    .anyMatch(series -> series.startsWith("db_pool_waiting{pool=\"orders\""));
            assertThat(meters.sum("kafka_consumer_lag_records", "topic=\"order.commands.v1\""))
                    .isNotNaN();
        });
    }

    @Test
    void whatStrangersMakeUpAddsNoSeries() {
        bother(new Strangers(1));
        Meters before = Meters.here();

        bother(new Strangers(2));

        assertThat(Meters.here().since(before)).isEmpty();
        assertThat(Meters.here().foreignLabels()).isEmpty();
    }

    @Test
    void aLineWithinARequestCarriesItsTrace() {
        String trace = UUID.randomUUID().toString().replace("-", "");
        Customer.ADA.asks();

        try (LogRecorder log = LogRecorder.start()) {
            given().header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                    .get(FaultyResource.PATH)
                    .then()
                    .statusCode(503);

            assertThat(log.ours())
                    .filteredOn(line -> line.message().contains("must wait for the surroundings"))
                    .extracting(Line::keys)
                    .singleElement()
                    .satisfies(keys -> assertThat(keys).containsEntry("traceId", trace));
        }
    }

    private static void bother(Strangers strangers) {
        double dead = dead();
        strangers.ask("http://localhost:" + RestAssured.port, TEMPLATES, TIMES);
        strangers.send(Backends.addresses().kafka(), Topics.ORDER_COMMANDS, TIMES);
        await().atMost(BOUND).until(() -> dead() >= dead + TIMES);
    }

    private static double dead() {
        return Meters.here().sum("messages_total", "topic=\"" + Topics.ORDER_COMMANDS + "\"", "outcome=\"dead\"");
    }

    private static List<String> edges(Meters meters) {
        return meters.values().keySet().stream()
                .filter(series -> series.startsWith("http_request_duration_seconds_bucket")
                        && series.contains(route(ORDER))
                        && series.contains("method=\"GET\""))
                .map(series -> series.replaceAll(".*le=\"([^\"]+)\".*", "$1"))
                .sorted(java.util.Comparator.comparingDouble(
                        edge -> edge.equals("+Inf") ? Double.MAX_VALUE : Double.parseDouble(edge)))
                .toList();
    }

    private static String route(String template) {
        return "route=\"" + template + "\"";
    }

    private static double grown(Meters before, Meters after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }
}
