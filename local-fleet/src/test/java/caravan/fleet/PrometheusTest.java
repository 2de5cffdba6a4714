package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Prometheus and Alertmanager with the checkout's configuration, and nobody to look at. They need {@code apt-get install prometheus prometheus-alertmanager}. */
class PrometheusTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Ports ports = Ports.free();

    @TempDir
    private Path home;

    @BeforeAll
    static void areThere() {
        assertThat(Prometheus.installed() && Alertmanager.installed())
                .as(Alertmanager.HOW_TO_INSTALL)
                .isTrue();
    }

    @Test
    void looksAtEveryServiceWithTheRulesOfTheCheckoutAndKnowsWhomToTell() {
        DataFolder folder = new DataFolder(home);
        ObservabilityFiles files = new ObservabilityFiles(Checkout.find().observability());

        try (Child alertmanager = Child.start(new Alertmanager(ports, folder.data(Alertmanager.NAME), files), folder);
                Child prometheus = Child.start(new Prometheus(ports, folder.data(Prometheus.NAME), files), folder)) {
            alertmanager.awaitReady();
            prometheus.awaitReady();

            await().atMost(BOUND)
                    .until(() ->
                            prometheus("targets").getJsonArray("activeTargets").size() == Ports.SERVICES.size());
            await().atMost(BOUND)
                    .until(() -> prometheus("alertmanagers")
                                    .getJsonArray("activeAlertmanagers")
                                    .size()
                            == 1);
            assertThat(prometheus("rules").getJsonArray("groups").size()).isGreaterThan(5);
            assertThat(get(ports.alertmanager(), "/api/v2/status"))
                    .contains("http://127.0.0.1:" + ports.alerts() + "/page");
        }
    }

    private JsonObject prometheus(String what) {
        return new JsonObject(get(ports.prometheus(), "/api/v1/" + what)).getJsonObject("data");
    }

    private String get(int port, String path) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
