package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleettests.Traffic.Sample;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** One caller's tokens, whichever gateway it comes through, and whether Redis is there or not. */
class LimitScenarioIT {

    private static final List<URI> DOORS = List.of(TwoDoors.first(), TwoDoors.second());
    private static final int QUOTA = 100;
    private static final int PER_SECOND = 10;
    private static final Duration MOST_GROWTH = Duration.ofMillis(15);

    /** Other processes of the machine make a round worse, never better. */
    private static final int MOST_ROUNDS = 5;

    @Test
    void admitsWhatTheBucketHoldsThroughBothDoorsTogether() {
        Shop customer = Shop.register(DOORS.get(0));
        IntFunction<HttpRequest.Builder> request =
                i -> customer.at(DOORS.get(i % 2)).to("/api/v1/orders/none").GET();
        long startNs = System.nanoTime();
        List<HttpResponse<String>> answers = Traffic.together(2000, request);
        double seconds = (System.nanoTime() - startNs) / 1e9;

        long admitted =
                answers.stream().filter(answer -> answer.statusCode() != 429).count();
        // Of so many connections at once this machine may lose some: what was behind them may have been admitted.
        int lost = 2000 - answers.size();
        System.out.printf("2,000 at once within %.2f s: %d admitted, %d lost%n", seconds, admitted, lost);
        assertThat(lost).isLessThan(100);
        // What is admitted all at once may be too much for order-service, or for the three seconds it has.
        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .containsAnyOf(404)
                .isSubsetOf(404, 429, 503, 504);
        assertThat(admitted).isBetween((long) QUOTA - lost, (long) (QUOTA + Math.ceil(seconds * PER_SECOND)));
        HttpResponse<String> last = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findAny()
                .orElseThrow();
        assertThat(last.body()).contains("quota-exceeded");
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(last.headers().firstValue("RateLimit-Policy").orElse("")).startsWith("\"default\";q=100;w=10");
        assertThat(last.headers().firstValue("RateLimit").orElse("")).startsWith("\"default\";r=0;t=");
    }

    /** At a page of the gateways themselves: what a service needs for its answers is not the limiter's. */
    @Test
    void goesOnWithoutRedisAndLetsHardlyMoreThrough() {
        IntFunction<HttpRequest.Builder> request =
                i -> Shop.visitor(DOORS.get(i % 2)).to("/problems/not-found").GET();
        Duration growth = withoutRedis(request);
        for (int i = 1; i < MOST_ROUNDS && growth.compareTo(MOST_GROWTH) >= 0; i++) {
            growth = withoutRedis(request);
        }

        assertThat(growth).isLessThan(MOST_GROWTH);
    }

    /** By how much the 99th percentile grows. */
    private static Duration withoutRedis(IntFunction<HttpRequest.Builder> request) {
        List<Sample> before = Traffic.untilCalm(200, request);

        long startNs = System.nanoTime();
        CompletableFuture<Void> kill =
                CompletableFuture.runAsync(() -> TheFleet.get().kill("redis"));
        List<Sample> without = Traffic.steadily(200, Duration.ofSeconds(5), request);
        double seconds = (System.nanoTime() - startNs) / 1e9;

        kill.join();
        TheFleet.get().awaitReady("redis", Duration.ofSeconds(30));
        System.out.printf(
                "Redis killed at 200/s: p99 %d us before, %d us after; %d admitted within %.1f s%n",
                Traffic.p99(before).toNanos() / 1000,
                Traffic.p99(without).toNanos() / 1000,
                Traffic.count(without, 200),
                seconds);
        assertThat(Traffic.count(without, 200) + Traffic.count(without, 429)).isEqualTo(without.size());
        // A Redis that was killed has forgotten the bucket: a full one, and what refills.
        assertThat(Traffic.count(without, 200)).isLessThanOrEqualTo((long) (1.2 * (QUOTA + seconds * PER_SECOND)));
        return Traffic.p99(without).minus(Traffic.p99(before));
    }
}
