package caravan.fleet;

import caravan.fleet.trace.Trace;
import caravan.fleet.trace.TraceStore;
import caravan.fleet.trace.TraceText;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** {@code ./caravan trace <order id>}: what happened to an order, span by span, as the fleet's sink knows it. */
final class TraceOrder {
    private static final Duration BOUND = Duration.ofSeconds(5);

    private TraceOrder() {}

    /** Exit code 0 when there was something to show. */
    static int run(List<String> words, URI sink, boolean fleetRuns, PrintStream out) {
        UUID order = order(words);
        List<Trace> traces = traces(order, sink, fleetRuns);
        if (traces.isEmpty()) {
            throw new FleetException("There is no trace of order " + order
                    + ": there is no such order, or its trace is not kept any more (" + "the newest "
                    + TraceStore.MOST_SPANS + " spans are, until the fleet stops).");
        }
        traces.forEach(trace -> out.println(TraceText.of(trace)));
        out.println(
                "As a picture: " + sink.resolve("/trace/" + traces.getFirst().id()));
        return 0;
    }

    private static UUID order(List<String> words) {
        if (words.size() != 1) {
            throw new FleetException("Which order? './caravan trace <order id>', as 'POST /api/v1/orders' answers it.");
        }
        try {
            return UUID.fromString(words.getFirst());
        } catch (IllegalArgumentException e) {
            throw new FleetException("'" + words.getFirst() + "' is no order id: those are UUIDs.", e);
        }
    }

    private static List<Trace> traces(UUID order, URI sink, boolean fleetRuns) {
        if (!fleetRuns) {
            throw new FleetException("No fleet runs here: './caravan up --observe' starts one that keeps traces.");
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(BOUND).build()) {
            HttpRequest request = HttpRequest.newBuilder(sink.resolve("/api/traces?order=" + order))
                    .timeout(BOUND)
                    .build();
            return TraceSink.read(
                    new JsonObject(client.send(request, BodyHandlers.ofString()).body()));
        } catch (IOException e) {
            throw new FleetException(
                    "This fleet keeps no traces: stop it and start it with './caravan up --observe'.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
