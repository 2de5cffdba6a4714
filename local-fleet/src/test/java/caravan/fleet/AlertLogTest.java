package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertLogTest {
    private final int port = Sockets.free(1).getFirst();
    private final List<String> console = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private AlertLog log;

    @BeforeEach
    void start() {
        log = AlertLog.start(port, file(), console::add);
    }

    @AfterEach
    void stop() {
        log.close();
        client.close();
    }

    @Test
    void saysOnceThatAnAlertBeginsAndOnceThatItEnds() throws Exception {
        assertThat(send(message("firing"))).isEqualTo(200);
        assertThat(send(message("firing"))).isEqualTo(200);
        assertThat(send(message("resolved"))).isEqualTo(200);
        assertThat(send(message("resolved"))).isEqualTo(200);

        assertThat(Files.readAllLines(file()))
                .hasSize(2)
                .first()
                .asString()
                .endsWith(
                        " firing page TargetDown {job=payment-service} payment-service is down; see docs/runbooks/TargetDown.md");
        assertThat(console).hasSize(2).last().asString().startsWith("alert: resolved page TargetDown");
    }

    @Test
    void refusesWhatAlertmanagerDoesNotSay() throws Exception {
        assertThat(send("{\"status\": 1}")).isEqualTo(400);
        assertThat(send("[]")).isEqualTo(400);
        assertThat(send("{\"alerts\": [{\"status\": \"firing\"}]}")).isEqualTo(400);

        assertThat(file()).doesNotExist();
    }

    private Path file() {
        return folder.resolve("alerts.log");
    }

    private static String message(String status) {
        return """
                {"version": "4", "status": "%s", "receiver": "page", "alerts": [{"status": "%1$s", "fingerprint": "f00",
                  "labels": {"alertname": "TargetDown", "severity": "page", "job": "payment-service"},
                  "annotations": {"summary": "payment-service is down", "runbook_url": "docs/runbooks/TargetDown.md"}}]}
                """.formatted(status);
    }

    private int send(String body) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/page"))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
