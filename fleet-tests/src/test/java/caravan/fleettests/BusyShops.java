package caravan.fleettests;

import static java.time.temporal.ChronoUnit.SECONDS;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Customers at a steady rate who forgive nothing: no request is sent twice, and each answer is put down. Orders, looks at them, waiting for them, lists, the catalogue, and
 * streams of every so manieth order. Half of them come over HTTP/1.1 on connections that are kept, half over HTTP/2. And some look at a product all the time, each on a
 * connection of its own.
 */
final class BusyShops implements AutoCloseable {

    /** @param status 0 when there was no answer */
    record Answer(String what, int status, String detail, Instant at) {

        boolean isGood() {
            return status == (what.startsWith("POST") ? 202 : 200);
        }
    }

    private static final int CUSTOMERS = 12;
    private static final String LOOKS = "GET /products/{sku}, connection kept";
    private static final int LOOKERS = 4;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FOLLOWED = 8;
    private static final Duration CALM_FOR = Duration.ofSeconds(8);

    /** Longer than the gateway's breaker is open. */
    private static final int MOST_ROUNDS = 12;

    private final List<Shop> customers;
    private final JsonArray products;
    private final List<HttpClient> clients =
            List.of(client(HttpClient.Version.HTTP_1_1), client(HttpClient.Version.HTTP_2));
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> accepted = new ConcurrentLinkedQueue<>();
    private final List<FollowedOrder> followed = new CopyOnWriteArrayList<>();
    private final Beat beat;

    private BusyShops(URI gateway, int perSecond) {
        customers = IntStream.range(0, CUSTOMERS)
                .mapToObj(_ -> Shop.register(gateway))
                .toList();
        products = customers.getFirst().products();
        beat = Beat.start(perSecond, PATIENCE, this::visit);
        for (int i = 0; i < LOOKERS; i++) {
            KeptConnection connection = new KeptConnection(gateway.resolve("/api/v1/products/" + sku(i)));
            beat.besides(() -> look(connection));
        }
    }

    static BusyShops open(URI gateway, int ordersPerSecond) {
        return new BusyShops(gateway, ordersPerSecond);
    }

    /** A young fleet on a small machine is slow: returns when it has answered well for a while, and forgets what it answered before. */
    BusyShops untilCalm() {
        for (int i = 0; i < MOST_ROUNDS; i++) {
            answers.clear();
            Shop.patience(CALM_FOR);
            if (bad().isEmpty()) {
                return this;
            }
        }
        throw new AssertionError("the fleet never answers well: " + bad());
    }

    /** Follows an order that lasts: nobody hears from its card. */
    FollowedOrder followALongOne(int i) {
        Shop customer = customers.get(i % CUSTOMERS);
        UUID order = customer.place(Shop.order(sku(i), 1, "GB", "tok_down"));
        FollowedOrder stream = FollowedOrder.begin(clients.get(i % clients.size()), customer, order);
        followed.add(stream);
        return stream;
    }

    /** So that its stream ends. */
    void cancel(FollowedOrder stream, int i) {
        Shop customer = customers.get(i % CUSTOMERS);
        customer.send(customer.to("/api/v1/orders/" + stream.order() + "/cancel")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    }

    /** Those that were not what the request was for. */
    List<Answer> bad() {
        return answers.stream().filter(answer -> !answer.isGood()).toList();
    }

    /** When which of them came, second by second, and the first of them. */
    void tellBad() {
        bad().stream()
                .collect(groupingBy(
                        answer -> answer.at().truncatedTo(SECONDS) + " " + answer.what() + " " + answer.status(),
                        TreeMap::new,
                        counting()))
                .forEach((what, times) -> System.out.printf("  %s: %d%n", what, times));
        bad().stream().limit(5).forEach(bad -> System.out.println("  " + bad));
    }

    int answered() {
        return answers.size();
    }

    List<UUID> accepted() {
        return List.copyOf(accepted);
    }

    List<FollowedOrder> followed() {
        return followed;
    }

    private void visit(int i) {
        Shop customer = customers.get(i % CUSTOMERS);
        HttpClient client = clients.get(i % clients.size());
        JsonObject body = Shop.order(sku(i), 1, i % 50 == 11 ? "AQ" : "GB", i % 20 == 7 ? "tok_declined" : "tok_ok");
        ask("POST /orders", client, customer.placing(UUID.randomUUID().toString(), body.encode()))
                .ifPresent(placed -> look(i, client, customer, placed));
        if (i % 2 == 0) {
            ask(
                    "GET /products/{sku}",
                    client,
                    customer.to("/api/v1/products/" + sku(i)).GET());
        } else if (i % 5 == 0) {
            ask("GET /products", client, customer.to("/api/v1/products?limit=5").GET());
        }
    }

    /** With the token of the answer, so that nobody reads what was before. */
    private void look(int i, HttpClient client, Shop customer, HttpResponse<String> placed) {
        UUID order = UUID.fromString(new JsonObject(placed.body()).getString("id"));
        accepted.add(order);
        if (i % FOLLOWED == 3) {
            followed.add(FollowedOrder.begin(client, customer, order));
        }
        HttpRequest.Builder request = customer.to("/api/v1/orders/" + order);
        placed.headers().firstValue("Consistency-Token").ifPresent(token -> request.header("Consistency-Token", token));
        ask("GET /orders/{id}", client, request.GET());
        if (i % 6 == 1) {
            ask(
                    "GET /orders/{id}, waiting",
                    client,
                    request.copy().header("Prefer", "wait=5").GET());
        } else if (i % 6 == 4) {
            ask("GET /orders", client, customer.to("/api/v1/orders?limit=5").GET());
        }
    }

    private void look(KeptConnection connection) {
        try (connection) {
            while (beat.isOpen()) {
                Instant at = Instant.now();
                try {
                    answers.add(new Answer(LOOKS, connection.ask(), "", at));
                } catch (IOException e) {
                    answers.add(new Answer(LOOKS, 0, e.toString(), at));
                }
                Shop.patience(LOOK_EVERY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<HttpResponse<String>> ask(String what, HttpClient client, HttpRequest.Builder request) {
        Instant at = Instant.now();
        try {
            HttpResponse<String> answer = client.send(request.timeout(BOUND).build(), BodyHandlers.ofString());
            Answer put = new Answer(what, answer.statusCode(), answer.version() + " " + answer.body(), at);
            answers.add(put);
            return put.isGood() ? Optional.of(answer) : Optional.empty();
        } catch (IOException e) {
            answers.add(new Answer(what, 0, client.version() + " " + e, at));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private String sku(int i) {
        return products.getJsonObject(i % products.size()).getString("sku");
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).connectTimeout(BOUND).build();
    }

    /** No more orders; returns when all answers are in. */
    @Override
    public void close() {
        beat.close();
    }
}
