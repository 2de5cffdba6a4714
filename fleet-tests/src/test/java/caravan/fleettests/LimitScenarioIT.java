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

    @Test
    void admitsWhatTheBucketHoldsThroughBothDoorsTogether() {
        Shop customer = Shop.register(DOORS.get(0));
        IntFunction<HttpRequest.Builder> request =
                i -> customer.at(DOORS.get(i % 2)).to("/api/v1/orders/none").GET();

        long startNs = System.nanoTime();
        List<HttpResponse<String>> answers = Traffic.together(2000, request);
        double seconds = (System.nanoTime() - startNs) / 1e9;

        long admitted =
                answers.stream().filter(answer -> answer.statusCode() == 404).count();
        long refused =
                answers.stream().filter(answer -> answer.statusCode() == 429).count();
        System.out.printf("2,000 at once within %.2f s: %d admitted, %d refused%n", seconds, admitted, refused);
        assertThat(admitted + refused).isEqualTo(2000);
        assertThat(admitted).isBetween((long) QUOTA, QUOTA + (long) Math.ceil(seconds * PER_SECOND));
        HttpResponse<String> last = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findAny()
                .orElseThrow();
        assertThat(last.body()).contains("quota-exceeded");
        assertThat(last.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        assertThat(last.headers().firstValue("RateLimit-Policy").orElse("")).startsWith("\"default\";q=100;w=10");
        assertThat(last.headers().firstValue("RateLimit").orElse("")).startsWith("\"default\";r=0;t=");
    }

    @Test
    void goesOnWithoutRedisAndLetsHardlyMoreThrough() {
        Shop customer = Shop.register(DOORS.get(0));
        IntFunction<HttpRequest.Builder> request = i -> customer.at(DOORS.get(i % 2))
                .to("/api/v1/products/TEA-EARL-GREY")
                .GET();
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
        assertThat(Traffic.p99(without)).isLessThan(Traffic.p99(before).plusMillis(15));
    }
}
