package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

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
import java.util.Set;
import java.util.UUID;

/** A customer at the gateway. */
final class Shop {

    private static final Set<String> FINAL = Set.of("APPROVED", "REJECTED", "NEEDS_ATTENTION");

    /** One client for all: its threads and connections are the JVM's. */
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI gateway;

    Shop(URI gateway) {
        this.gateway = gateway;
    }

    static JsonObject order(String sku, int quantity, String country, String cardToken) {
        return new JsonObject()
                .put(
                        "items",
                        new JsonArray().add(new JsonObject().put("sku", sku).put("quantity", quantity)))
                .put(
                        "shippingAddress",
                        new JsonObject()
                                .put("name", "Ada Lovelace")
                                .put("line1", "1 Analytical Way")
                                .put("city", "London")
                                .put("postalCode", "N1")
                                .put("country", country))
                .put("paymentMethod", new JsonObject().put("cardToken", cardToken));
    }

    HttpResponse<String> post(String key, String body) {
        return send(HttpRequest.newBuilder(gateway.resolve("/api/v1/orders"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(gateway.resolve(path)).GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.timeout(Duration.ofSeconds(15)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(gateway.resolve(path));
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
