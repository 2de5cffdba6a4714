package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whoever waits for an order is told, at either gateway. */
class WaitingScenarioIT {

    private record Event(int id, String status) {}

    private final Shop customer = Shop.register(TwoDoors.first());

    @Test
    void goesOnAtTheOtherDoorWithTheEventThatComesNext() throws Exception {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_slow"));

        List<Event> cut = events(customer, order, 0, 2);
        List<Event> rest = events(customer.at(TwoDoors.second()), order, 2, Integer.MAX_VALUE);

        assertThat(cut).extracting(Event::id).containsExactly(1, 2);
        assertThat(rest.getFirst().id()).isEqualTo(3);
        assertThat(rest)
                .extracting(Event::id)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(3, 2 + rest.size()).boxed().toList());
        assertThat(rest.getLast().status()).isEqualTo("APPROVED");
        HttpResponse<String> over = customer.at(TwoDoors.second())
                .send(customer.at(TwoDoors.second())
                        .to("/api/v1/orders/" + order + "/events")
                        .header("Last-Event-ID", Integer.toString(rest.getLast().id()))
                        .GET());
        assertThat(over.statusCode()).isEqualTo(204);
    }

    @Test
    void answersOnceTheOrderHasEnded() {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_slow"));
        long startNs = System.nanoTime();

        HttpResponse<String> answer = customer.at(TwoDoors.second())
                .send(customer.at(TwoDoors.second())
                        .to("/api/v1/orders/" + order)
                        .header("Prefer", "wait=12")
                        .GET());

        assertThat(new JsonObject(answer.body()).getString("status")).isEqualTo("APPROVED");
        assertThat(answer.headers().firstValue("Preference-Applied")).contains("wait=12");
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(11));
    }

    /** Reads events until there are as many as wanted, and then breaks off; or until the stream ends. */
    private static List<Event> events(Shop who, UUID order, int last, int most)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = who.to("/api/v1/orders/" + order + "/events")
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(30));
        if (last > 0) {
            request.header("Last-Event-ID", Integer.toString(last));
        }
        List<Event> events = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<InputStream> answer = client.send(request.GET().build(), BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            try (var lines =
                    new java.io.BufferedReader(new java.io.InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                int id = 0;
                for (String line = lines.readLine(); line != null && events.size() < most; line = lines.readLine()) {
                    if (line.startsWith("id:")) {
                        id = Integer.parseInt(line.substring(3).strip());
                    } else if (line.startsWith("data:")) {
                        events.add(new Event(id, new JsonObject(line.substring(5)).getString("status")));
                    }
                }
            }
            client.shutdownNow();
        }
        return events;
    }

    @Test
    void tellsNobodyElse() {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_ok"));
        Shop stranger = Shop.register(URI.create(TheFleet.get().address("gateway")));

        assertThat(stranger.get("/api/v1/orders/" + order + "/events").statusCode())
                .isEqualTo(404);
    }
}
