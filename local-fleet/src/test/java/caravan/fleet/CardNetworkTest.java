package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardNetworkTest {
    private final int port = Sockets.free(1).getFirst();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private CardNetwork network;

    @BeforeEach
    void start() {
        network = CardNetwork.start(port, journal());
    }

    @AfterEach
    void stop() {
        network.close();
        client.close();
    }

    @Test
    void remembersEverythingAfterARestart() throws Exception {
        HttpResponse<String> first = charge("order-1:charge", "tok_ok");
        charge("order-2:charge", "tok_ok");
        post("/v1/charges/order-2:charge/reversal", "");

        network.close();
        // A power cut in the middle of a line.
        Files.writeString(journal(), "{\"key\":\"bro", StandardOpenOption.APPEND);
        network = CardNetwork.start(port, journal());

        HttpResponse<String> again = charge("order-1:charge", "tok_ok");
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(charge("order-2:charge", "tok_ok").statusCode()).isEqualTo(409);
        assertThat(new JsonObject(get("/v1/ledger").body()).getLong("refundedMinor"))
                .isEqualTo(1999);
    }

    @Test
    void takesTheMoneyAndLosesTheAnswerOfEveryOtherFlakyCall() throws Exception {
        assertThat(charge("k", "tok_flaky").statusCode()).isEqualTo(503);
        assertThat(charge("k", "tok_flaky").statusCode()).isEqualTo(201);
        assertThat(new JsonObject(get("/v1/ledger").body()).getLong("captures")).isEqualTo(1);
    }

    @Test
    void neverAnswersAndNeverCapturesForADeadCard() {
        assertThatThrownBy(() -> charge("k", "tok_down")).isInstanceOf(HttpTimeoutException.class);
        assertThat(network).isNotNull();
    }

    @Test
    void answersNothingButAdminAndHealthWhileItIsDown() throws Exception {
        post("/admin", "{\"mode\":\"down\"}");

        assertThat(charge("k", "tok_ok").statusCode()).isEqualTo(503);
        assertThat(get("/health").statusCode()).isEqualTo(200);

        post("/admin", "{\"mode\":\"up\"}");
        assertThat(charge("k", "tok_ok").statusCode()).isEqualTo(201);
    }

    @Test
    void refusesWhatIsNoCharge() throws Exception {
        assertThat(post("/v1/charges", "{\"amountMinor\":1,\"cardToken\":\"tok_ok\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("k", "/v1/charges", "no json").statusCode()).isEqualTo(400);
        assertThat(send("k", "/v1/charges", "x".repeat(100_000)).statusCode()).isEqualTo(413);
        assertThat(get("/v1/charges/unknown").statusCode()).isEqualTo(404);
        assertThat(post("/admin", "{\"mode\":\"sideways\"}").statusCode()).isEqualTo(400);
    }

    private Path journal() {
        return folder.resolve("journal.jsonl");
    }

    private HttpResponse<String> charge(String key, String token) throws IOException, InterruptedException {
        return send(
                key,
                "/v1/charges",
                "{\"amountMinor\":1999,\"currency\":\"EUR\",\"cardToken\":\"%s\",\"reference\":\"o\"}"
                        .formatted(token));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).GET().build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String key, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(1));
    }
}
