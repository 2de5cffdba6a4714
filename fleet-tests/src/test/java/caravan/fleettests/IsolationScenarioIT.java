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
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that stands still drags no other down. */
class IsolationScenarioIT {

    private static final String BREAKER = "breaker_state{downstream=\"inventory\"";

    private final Shop customer = Shop.register(TheFleet.gateway());

    @AfterEach
    void goOn() {
        TheFleet.get().resume("inventory-service");
        TheFleet.get().awaitReady("inventory-service", Duration.ofSeconds(60));
    }

    @Test
    void answersForTheOthersWhileOneIsStopped() {
        // Each of many customers stays far below a limit.
        List<Shop> customers = IntStream.range(0, 20)
                .mapToObj(_ -> Shop.register(TheFleet.gateway()))
                .toList();
        IntFunction<HttpRequest.Builder> orders = i ->
                customers.get(i % customers.size()).to("/api/v1/orders/none").GET();
        List<Sample> before = Traffic.untilCalm(100, orders);

        TheFleet.get().pause("inventory-service");
        CompletableFuture<List<HttpResponse<String>>> stuck = CompletableFuture.supplyAsync(() -> Traffic.together(
                60,
                i -> customers
                        .get(i % customers.size())
                        .to("/api/v1/products/TEA-EARL-GREY")
                        .GET()));
        List<Sample> meanwhile = Traffic.steadily(100, Duration.ofSeconds(5), orders);

        System.out.printf(
                "inventory-service stopped: p99 of the orders %d us before, %d us meanwhile%n",
                Traffic.p99(before).toNanos() / 1000, Traffic.p99(meanwhile).toNanos() / 1000);
        assertThat(Traffic.count(meanwhile, 404)).isEqualTo(meanwhile.size());
        // Without isolation they would wait as long as the deadline is: three seconds.
        assertThat(Traffic.p99(meanwhile))
                .isLessThan(Traffic.p99(before).multipliedBy(2).plusMillis(15));
        assertThat(stuck.join())
                .hasSize(60)
                .allSatisfy(answer -> assertThat(answer.statusCode()).isIn(503, 504));
        await().atMost(10, SECONDS).until(() -> breaker() == 2);
        HttpResponse<String> refused = customer.get("/api/v1/products/TEA-EARL-GREY");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 30L);

        TheFleet.get().resume("inventory-service");

        await().atMost(60, SECONDS)
                .pollInterval(1, SECONDS)
                .until(() -> customer.get("/api/v1/products/TEA-EARL-GREY").statusCode() == 200);
        assertThat(breaker()).isZero();
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
