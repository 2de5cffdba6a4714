package caravan.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.startsWith;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.LogRecorder;
import caravan.fleet.testing.LogRecorder.Line;
import caravan.fleet.testing.Meters;
import caravan.fleet.testing.Strangers;
import caravan.gateway.proxy.RouteTable;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody listens where the inventory should be. */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(Upstreams.class)
class MetersTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ORDER = "route=\"/api/v1/orders/{id}\"";
    private static final int TIMES = 40;

    @Inject
    RouteTable routes;

    @AfterEach
    void logsOut() {
        Somebody.nobodyAsks();
    }

    @Test
    void countsAndTimesAProxiedRequestUnderItsRoute() {
        Somebody.CUSTOMER.asks();
        Meters before = Meters.here();

        given().get("/api/v1/orders/" + UUID.randomUUID()).then().statusCode(200);

        await().atMost(BOUND).untilAsserted(() -> {
            assertThat(grown(before, "http_requests_total", "method=\"GET\"", ORDER, "status_code=\"200\""))
                    .isEqualTo(1);
            assertThat(grown(before, "http_request_duration_seconds_count", "method=\"GET\"", ORDER))
                    .isEqualTo(1);
        });
        assertThat(Meters.here().has("http_request_duration_seconds_bucket", ORDER, "le=\"0.5\""))
                .isTrue();
    }

    @Test
    void countsRefusalsAndWhatHasNoRoute() {
        Meters before = Meters.here();

        given().get("/api/v1/orders/" + UUID.randomUUID()).then().statusCode(401);
        given().get("/wp-login.php").then().statusCode(404);
        given().delete("/api/v1/orders").then().statusCode(405);

        await().atMost(BOUND).untilAsserted(() -> {
            assertThat(grown(before, "http_requests_total", ORDER, "status_code=\"401\""))
                    .isEqualTo(1);
            assertThat(grown(before, "http_requests_total", "route=\"none\"", "status_code=\"404\""))
                    .isEqualTo(1);
            assertThat(grown(before, "http_requests_total", "route=\"none\"", "status_code=\"405\""))
                    .isEqualTo(1);
        });
    }

    @Test
    void countsAndTimesItsOwnEndpoints() {
        Meters before = Meters.here();

        given().get("/.well-known/jwks.json").then().statusCode(200);

        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(grown(
                                before, "http_request_duration_seconds_count", "route=\"/.well-known/jwks.json\""))
                        .isEqualTo(1));
    }

    @Test
    void whatStrangersMakeUpAddsNoSeries() {
        List<String> templates = routes.routes().stream()
                .map(route -> route.template())
                .distinct()
                .toList();
        bother(new Strangers(1), templates);
        Meters before = Meters.here();

        bother(new Strangers(2), templates);

        assertThat(Meters.here().since(before)).isEmpty();
        assertThat(Meters.here().foreignLabels()).isEmpty();
    }

    @Test
    void aLineWithinARequestCarriesItsTrace() {
        String trace = UUID.randomUUID().toString().replace("-", "");

        try (LogRecorder log = LogRecorder.start()) {
            given().header("traceparent", "00-" + trace + "-00f067aa0ba902b7-00")
                    .get("/api/v1/products/" + UUID.randomUUID())
                    .then()
                    .statusCode(503);

            assertThat(log.ours())
                    .filteredOn(line -> line.logger().endsWith(".Passage"))
                    .isNotEmpty()
                    .extracting(Line::keys)
                    .allSatisfy(keys -> assertThat(keys).containsEntry("traceId", trace));
        }
    }

    /** As Prometheus 2 and 3 ask. Only this form has exemplars. */
    @Test
    void givesOpenMetricsToPrometheus() {
        String metrics = "http://localhost:" + ConfigProvider.getConfig().getValue("quarkus.management.port", int.class)
                + "/q/metrics";

        given().header(
                        "Accept",
                        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
                .get(metrics)
                .then()
                .statusCode(200)
                .contentType(startsWith("application/openmetrics-text"));
        given().header("Accept", "text/plain")
                .get(metrics)
                .then()
                .statusCode(200)
                .contentType(startsWith("text/plain"));
    }

    private static void bother(Strangers strangers, List<String> templates) {
        strangers.ask("http://localhost:" + RestAssured.port, templates, Math.max(TIMES, templates.size() * 2));
    }

    private static double grown(Meters before, String name, String... labels) {
        return Meters.here().sum(name, labels) - before.sum(name, labels);
    }
}
