package caravan.fleet;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Somebody who is logged in at the gateway, and never reads what is older than what they have seen. One thread. */
final class Session implements AutoCloseable {
    private static final String CONSISTENCY = "Consistency-Token";
    private static final Duration CALL_BOUND = Duration.ofSeconds(10);

    private final URI gateway;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CALL_BOUND).build();

    private String token = "";
    private String seen = "";

    private Session(URI gateway) {
        this.gateway = gateway;
    }

    static Session login(URI gateway, Credentials.Login login) {
        Session session = new Session(gateway);
        try {
            JsonObject body = new JsonObject().put("email", login.email()).put("password", login.password());
            session.token = session.call(session.request("/auth/login")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body.encode())))
                    .getString("access_token");
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    JsonObject get(String path) {
        return call(request(path).GET());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(CALL_BOUND);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return seen.isEmpty() ? request : request.header(CONSISTENCY, seen);
    }

    /** @throws FleetException for any answer but a success */
    JsonObject call(HttpRequest.Builder request) {
        HttpRequest built = request.build();
        HttpResponse<String> response = send(built);
        if (response.statusCode() / 100 != 2) {
            throw new FleetException(built.method() + " " + built.uri() + " was answered with " + response.statusCode()
                    + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    /** Whatever the answer is, but that it should come again in a moment. */
    HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() == 429) {
                // Somebody uses this account besides: there is room again in a moment.
                Sockets.pause(response.headers().firstValueAsLong("Retry-After").orElse(1) * 1000);
                response = client.send(request, BodyHandlers.ofString());
            }
            seen = response.headers().firstValue(CONSISTENCY).orElse(seen);
            return response;
        } catch (IOException e) {
            throw new FleetException(
                    "The gateway at " + gateway + " does not answer: is the fleet up? './caravan up' starts it.", e);
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
