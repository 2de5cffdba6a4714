package caravan.order;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A client of text/event-stream that keeps every line it gets. */
final class Listener implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final HttpClient client;
    private final HttpResponse<InputStream> response;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private Listener(URI events, @Nullable String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(events)
                .header("Authorization", Customer.ADA.bearer())
                .header("Accept", "text/event-stream")
                .timeout(BOUND);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        response = client.send(request.build(), BodyHandlers.ofInputStream());
        reader = Thread.ofVirtual().start(this::read);
    }

    /** Is there when the head of the response is. */
    static Listener to(URI events, @Nullable String lastEventId) throws IOException, InterruptedException {
        return new Listener(events, lastEventId);
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> ids() {
        return lines.stream()
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring(4))
                .toList();
    }

    /** Whether the server has ended the stream. */
    boolean ended() {
        return !reader.isAlive();
    }

    private void read() {
        try (var text = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            text.lines().forEach(lines::add);
        } catch (IOException | RuntimeException _) {
            lines.add("cut");
        }
    }

    /** Cuts the connection, whether the stream has ended or not. */
    void goAway() throws IOException {
        response.body().close();
        client.shutdownNow();
    }

    @Override
    public void close() throws IOException {
        goAway();
        client.close();
    }
}
