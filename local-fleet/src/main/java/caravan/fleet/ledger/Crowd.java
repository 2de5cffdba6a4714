package caravan.fleet.ledger;

import caravan.fleet.FleetException;
import caravan.fleet.bench.Latency;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many who ask at once, over HTTP/1.1. */
final class Crowd implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    static HttpRequest.Builder get(String address, String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(BOUND);
    }

    static HttpRequest.Builder put(String address, String path, String body) {
        return get(address, path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body));
    }

    static HttpRequest.Builder post(String address, String path, String body) {
        return get(address, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    /**
     * Sends the requests with the numbers 0 to {@code count}, at most so many at once.
     *
     * @throws FleetException when one is not answered with 2xx or 304
     */
    Latency ask(int count, int atOnce, IntFunction<HttpRequest.Builder> request) {
        List<Future<Long>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                answers.add(threads.submit(() -> microsFor(request.apply(number))));
            }
        }
        return Latency.of(answers.stream().mapToLong(Crowd::value));
    }

    private long microsFor(HttpRequest.Builder request) {
        long startNs = System.nanoTime();
        one(request);
        return (System.nanoTime() - startNs) / 1000;
    }

    HttpResponse<String> one(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2 && answer.statusCode() != 304) {
                throw new FleetException(
                        answer.uri() + " was answered with " + answer.statusCode() + ": " + answer.body());
            }
            return answer;
        } catch (IOException e) {
            throw new FleetException("No answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private static long value(Future<Long> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FleetException said ? said : new FleetException("No answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
