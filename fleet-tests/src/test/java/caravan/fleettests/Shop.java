package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Credentials;
import caravan.fleet.OrderBody;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A customer at a gateway, who sends the newest token with every request and so never reads the past. */
final class Shop {

    private static final Set<String> FINAL = Set.of("APPROVED", "REJECTED", "CANCELLED", "NEEDS_ATTENTION");

    /** One client for all: its threads and connections are the JVM's. */
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private static final int MOST_WAITS = 20;

    private static final String CONSISTENCY = "Consistency-Token";

    private final URI gateway;
    private final String token;
    /** Headers that go with each request. */
    private final Map<String, String> remembered;

    private Shop(URI gateway, String token) {
        this(gateway, token, new ConcurrentHashMap<>());
    }

    private Shop(URI gateway, String token, Map<String, String> remembered) {
        this.gateway = gateway;
        this.token = token;
        this.remembered = remembered;
    }

    /** Nobody in particular. */
    static Shop visitor(URI gateway) {
        return new Shop(gateway, "");
    }

    static Shop login(URI gateway, Credentials.Login login) {
        return new Shop(gateway, visitor(gateway).session(login).getString("access_token"));
    }

    /** A customer whom nobody knew before. */
    static Shop register(URI gateway) {
        return login(gateway, visitor(gateway).newAccount());
    }

    /** The same customer at another door. */
    Shop at(URI other) {
        return new Shop(other, token, remembered);
    }

    Credentials.Login newAccount() {
        Credentials.Login login = new Credentials.Login(
                "customer-" + UUID.randomUUID() + "@caravan.example", "a long enough " + UUID.randomUUID());
        JsonObject body = new JsonObject()
                .put("email", login.email())
                .put("password", login.password())
                .put("name", "Ada Lovelace");
        HttpResponse<String> response = send(json("/auth/register", body));
        if (response.statusCode() != 201) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return login;
    }

    /** The token response (RFC 6749, section 5.1). */
    JsonObject session(Credentials.Login login) {
        JsonObject body = new JsonObject().put("email", login.email()).put("password", login.password());
        HttpResponse<String> response = send(json("/auth/login", body));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body());
    }

    private HttpRequest.Builder json(String path, JsonObject body) {
        return to(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body.encode()));
    }

    static JsonObject order(String sku, int quantity, String country, String cardToken) {
        return OrderBody.of(new JsonArray().add(OrderBody.line(sku, quantity)), country, cardToken);
    }

    HttpResponse<String> post(String key, String body) {
        return send(placing(key, body));
    }

    HttpRequest.Builder placing(String key, String body) {
        return to("/api/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> get(String path) {
        return send(to(path).GET());
    }

    /** Waits where it is told to come again later: a test asks more often than a person. */
    HttpResponse<String> send(HttpRequest.Builder request) {
        HttpRequest built = request.timeout(Duration.ofSeconds(15)).build();
        HttpResponse<String> response = sendOnce(built);
        for (int i = 0; response.statusCode() == 429 && i < MOST_WAITS; i++) {
            patience(Duration.ofSeconds(
                    response.headers().firstValueAsLong("Retry-After").orElse(1)));
            response = sendOnce(built);
        }
        response.headers().firstValue(CONSISTENCY).ifPresent(seen -> remembered.put(CONSISTENCY, seen));
        return response;
    }

    static void patience(Duration time) {
        java.util.concurrent.locks.LockSupport.parkNanos(time.toNanos());
    }

    static HttpResponse<String> sendOnce(HttpRequest request) {
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder to(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        remembered.forEach(request::header);
        return request;
    }

    /** As a careful client does: the same key until there is an answer, at most a minute. */
    UUID place(JsonObject order) {
        String key = UUID.randomUUID().toString();
        return await().atMost(60, SECONDS)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(
                        () -> {
                            HttpResponse<String> response = post(key, order.encode());
                            if (response.statusCode() == 202) {
                                return UUID.fromString(new JsonObject(response.body()).getString("id"));
                            }
                            if (response.statusCode() < 500 && response.statusCode() != 409) {
                                throw new AssertionError(response.statusCode() + " " + response.body());
                            }
                            return null;
                        },
                        java.util.Objects::nonNull);
    }

    JsonObject view(UUID order) {
        HttpResponse<String> response = get("/api/v1/orders/" + order);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return new JsonObject(response.body());
    }

    JsonObject awaitEnd(UUID order) {
        return await().atMost(60, SECONDS).until(() -> view(order), view -> FINAL.contains(view.getString("status")));
    }

    String sku() {
        return products().getJsonObject(0).getString("sku");
    }

    JsonArray products() {
        return new JsonObject(get("/api/v1/products?limit=100").body()).getJsonArray("items");
    }
}
