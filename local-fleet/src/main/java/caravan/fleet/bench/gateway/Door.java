package caravan.fleet.bench.gateway;

import caravan.fleet.FleetException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/** The gateway for what is done before a run: sessions, and the operator's deliveries. One call at a time and thread. */
public final class Door implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int MOST_WAITS = 60;

    private final URI gateway;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(BOUND)
            .build();

    public Door(URI gateway) {
        this.gateway = gateway;
    }

    /** @param address that the gateway takes for the caller's, as it comes from a proxy it trusts */
    HttpResponse<String> json(String path, String address, JsonObject body) {
        return send(HttpRequest.newBuilder(gateway.resolve(path))
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", address)
                .POST(BodyPublishers.ofString(body.encode())));
    }

    HttpResponse<String> form(String path, String address, String form) {
        return send(HttpRequest.newBuilder(gateway.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Forwarded-For", address)
                .POST(BodyPublishers.ofString(form)));
    }

    HttpResponse<String> get(String path, String token) {
        return send(HttpRequest.newBuilder(gateway.resolve(path))
                .header("Authorization", "Bearer " + token)
                .GET());
    }

    HttpResponse<String> post(String path, String token, JsonObject body) {
        return send(HttpRequest.newBuilder(gateway.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body.encode())));
    }

    static JsonObject ok(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new FleetException(
                    response.uri() + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpRequest built = request.timeout(BOUND).build();
        HttpResponse<String> response = once(built);
        for (int i = 0; (response.statusCode() == 429 || response.statusCode() == 503) && i < MOST_WAITS; i++) {
            long seconds = response.headers().firstValueAsLong("Retry-After").orElse(1);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofSeconds(seconds).toNanos());
            response = once(built);
        }
        return response;
    }

    private HttpResponse<String> once(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new FleetException("The gateway at " + gateway + " does not answer: './caravan status' tells.", e);
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
