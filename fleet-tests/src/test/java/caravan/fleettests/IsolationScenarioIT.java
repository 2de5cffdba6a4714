package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleettests.Traffic.Sample;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that stands still drags no other down. */
class IsolationScenarioIT {

    private static final String TEA = "/api/v1/products/TEA-EARL-GREY";
    private static final String BREAKER = "breaker_state{downstream=\"inventory\"";

    /** Half-open after 30 s: a round takes three quarters of a minute. */
    private static final int MOST_ROUNDS = 5;

    /** With a deadline of 3 s each, more than the 20 that may wait for inventory-service at once. */
    private static final int CATALOGUE_RATE = 20;

    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final Shop customer = Shop.register(TheFleet.gateway());

    /** Each of many customers stays far below a limit. */
    private final List<Shop> customers = IntStream.range(0, 20)
            .mapToObj(_ -> Shop.register(TheFleet.gateway()))
            .toList();

    private HttpRequest.Builder order(int i) {
        return customers.get(i % customers.size()).to("/api/v1/orders/none").GET();
    }

    private HttpRequest.Builder search(int i) {
        return customers.get(i % customers.size()).to(news()).GET();
    }

    /** Nobody has asked for it yet: the gateway's cache cannot answer. */
    private static String news() {
        return "/api/v1/products?q=" + UUID.randomUUID();
    }

    /** Whatever a test found, the next one meets a gateway that asks inventory-service again. */
    @AfterEach
    void goOn() {
        TheFleet.get().resume("inventory-service");
        TheFleet.get().awaitReady("inventory-service", Duration.ofSeconds(60));
        await().atMost(60, SECONDS)
                .pollInterval(1, SECONDS)
                .until(() -> customer.get(news()).statusCode() == 200);
    }

    @Test
    void answersForTheOthersWhileOneIsStopped() {
        Traffic.untilCalm(100, this::order);
        // Two cores that also run the tests: a round in which something else took them says nothing about isolation.
        boolean kept = false;
        for (int round = 0; round < MOST_ROUNDS && !kept; round++) {
            kept = keepsTheOthers();
        }
        assertThat(kept)
                .as("the others keep their p99 in one of %d rounds", MOST_ROUNDS)
                .isTrue();
    }

    /** The same load twice, first with inventory-service at work and then with it stopped. */
    private boolean keepsTheOthers() {
        CompletableFuture<List<Sample>> answered = Traffic.alongside(CATALOGUE_RATE, LENGTH, this::search);
        Duration before = Traffic.p99(Traffic.steadily(100, LENGTH, this::order));
        assertThat(Traffic.count(answered.join(), 200)).isEqualTo(CATALOGUE_RATE * LENGTH.toSeconds());

        assertThat(customer.get(TEA).statusCode()).isEqualTo(200);

        TheFleet.get().pause("inventory-service");
        CompletableFuture<List<Sample>> stuck = Traffic.alongside(CATALOGUE_RATE, LENGTH, this::search);
        List<Sample> others = Traffic.steadily(100, LENGTH, this::order);
        Duration meanwhile = Traffic.p99(others);

        System.out.printf(
                "inventory-service stopped: p99 of the orders %d us before, %d us meanwhile%n",
                before.toNanos() / 1000, meanwhile.toNanos() / 1000);
        assertThat(Traffic.count(others, 404)).isEqualTo(others.size());
        assertThat(stuck.join())
                .hasSize(Math.toIntExact(CATALOGUE_RATE * LENGTH.toSeconds()))
                .allSatisfy(answer -> assertThat(answer.status()).isIn(503, 504));
        await().atMost(10, SECONDS).until(() -> breaker() == 2);
        assertThat(customer.get(TEA).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = customer.get(news());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 30L);

        goOn();
        assertThat(breaker()).isZero();
        return meanwhile.compareTo(before.plusMillis(15)) < 0;
    }

    /** 0 closed, 1 half open, 2 open. */
    private static double breaker() {
        HttpResponse<String> metrics = Shop.visitor(URI.create(TheFleet.get().managementAddress("gateway")))
                .get("/q/metrics");
        return metrics.body()
                .lines()
                .filter(line -> line.startsWith(BREAKER))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
