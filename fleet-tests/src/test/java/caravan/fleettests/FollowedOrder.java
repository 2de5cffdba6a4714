package caravan.fleettests;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who watches an order to its end, as an EventSource does: whenever the stream ends they ask again, from the last event that they have seen. */
final class FollowedOrder {

    record Event(int id, String status) {}

    /** What the service asks for is 2 s; a restart then falls between two streams more often than into one. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final int NO_CONTENT = 204;

    private final HttpClient client;
    private final Shop customer;
    private final UUID order;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final AtomicInteger streams = new AtomicInteger();

    private FollowedOrder(HttpClient client, Shop customer, UUID order) {
        this.client = client;
        this.customer = customer;
        this.order = order;
    }

    static FollowedOrder begin(HttpClient client, Shop customer, UUID order) {
        FollowedOrder followed = new FollowedOrder(client, customer, order);
        Thread.ofVirtual().start(followed::follow);
        return followed;
    }

    UUID order() {
        return order;
    }

    List<Event> events() {
        return events;
    }

    /** Answers that were no stream, and streams that broke off instead of ending. */
    List<String> troubles() {
        return troubles;
    }

    int streams() {
        return streams.get();
    }

    /** When there is nothing more to come. */
    CompletableFuture<Void> end() {
        return end;
    }

    private void follow() {
        try {
            while (goOn()) {
                Shop.patience(PAUSE);
            }
            end.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        }
    }

    private boolean goOn() throws InterruptedException {
        HttpRequest.Builder request = customer.to("/api/v1/orders/" + order + "/events")
                .header("Accept", "text/event-stream")
                .header(
                        "Last-Event-ID",
                        events.isEmpty() ? "0" : "" + events.getLast().id());
        try {
            HttpResponse<InputStream> answer = client.send(request.GET().build(), BodyHandlers.ofInputStream());
            if (answer.statusCode() == NO_CONTENT) {
                return false;
            }
            try (InputStream body = answer.body()) {
                read(answer.statusCode(), body);
            }
        } catch (IOException e) {
            troubles.add("stream " + streams + " of " + order + ": " + e);
        }
        return true;
    }

    private void read(int status, InputStream body) throws IOException {
        if (status != 200) {
            troubles.add("stream of " + order + ": " + status + " "
                    + new String(body.readAllBytes(), StandardCharsets.UTF_8));
            return;
        }
        streams.incrementAndGet();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        int id = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = Integer.parseInt(line.substring(3).strip());
            } else if (line.startsWith("data:")) {
                events.add(new Event(id, new JsonObject(line.substring(5)).getString("status")));
            }
        }
    }
}
