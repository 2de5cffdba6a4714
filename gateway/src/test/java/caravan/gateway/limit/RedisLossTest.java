package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedisLossTest {

    private static final Map<String, String> LIMIT = OneGateway.HUNDRED_IN_TEN_SECONDS;
    private static final double TOKENS_A_NS = 10 / 1e9;
    private static final int ROUNDS = 4;

    @Test
    void admitsNoMoreThanTheLimitAndNobodyWaitsWhenRedisIsKilledUnderLoad() {
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway one = OneGateway.on(redis.url(), LIMIT);
                OneGateway two = OneGateway.on(redis.url(), LIMIT)) {
            one.awaitGateways(2);
            two.awaitGateways(2);
            double leastGrowthMs = Double.MAX_VALUE;
            long startedNs = System.nanoTime();
            try (Traffic traffic = new Traffic(one, two)) {
                // A machine that does other things spoils a round, but not all of them.
                for (int round = 0; round < ROUNDS && leastGrowthMs >= 15; round++) {
                    leastGrowthMs = Math.min(leastGrowthMs, growthOfP99Ms(redis, traffic, one, two));
                }

                long tookNs = System.nanoTime() - startedNs;
                assertThat((double) traffic.admittedHot()).isLessThanOrEqualTo(1.2 * (100 + tookNs * TOKENS_A_NS));
                assertThat((double) traffic.admittedHot()).isGreaterThanOrEqualTo(0.8 * tookNs * TOKENS_A_NS);
                assertThat(leastGrowthMs)
                        .as("slowest %s ms", traffic.slowestMs())
                        .isLessThan(15);
                assertThat(one.fellBack("away") + two.fellBack("away")).isPositive();
            }
        }
    }

    /** Shared, killed, local, back again. */
    private static double growthOfP99Ms(OwnRedis redis, Traffic traffic, OneGateway one, OneGateway two) {
        long beginNs = System.nanoTime();
        letPass(Duration.ofSeconds(2));
        long killedNs = System.nanoTime();
        redis.kill();
        one.awaitLocal();
        two.awaitLocal();
        letPass(Duration.ofSeconds(2));
        long backNs = System.nanoTime();
        redis.restart();
        one.awaitShared();
        two.awaitShared();
        return traffic.p99Ms(killedNs, backNs) - traffic.p99Ms(beginNs, killedNs);
    }

    @Test
    void asksASilentRedisOnlyAFewTimes() {
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway gateway = OneGateway.on(redis.url(), LIMIT)) {
            redis.freeze();
            await().until(() -> {
                gateway.take("somebody");
                return gateway.fellBack("away") > 0;
            });

            long startedNs = System.nanoTime();
            IntStream.range(0, 200).forEach(_ -> gateway.take("somebody"));
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);

            // If each had waited, 2 s at least.
            assertThat(tookMs).isLessThan(1000);
            assertThat(gateway.fellBack("late")).isBetween(1.0, 10.0);
            redis.thaw();
            gateway.awaitShared();
            double before = gateway.fellBack("away");
            await().until(() -> gateway.take("somebody").standings().size() == 1 && gateway.fellBack("away") == before);
        }
    }

    @Test
    void givesOutItsShareToWhomItHasNotSeen() {
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway one = OneGateway.on(redis.url(), LIMIT);
                OneGateway two = OneGateway.on(redis.url(), LIMIT)) {
            one.awaitGateways(2);
            two.awaitGateways(2);
            redis.kill();
            one.awaitLocal();
            two.awaitLocal();

            long startedNs = System.nanoTime();
            long admitted = admitted(one, "new") + admitted(two, "new");

            double refilled = (System.nanoTime() - startedNs) * TOKENS_A_NS;
            assertThat((double) admitted).isBetween(100.0, 100 + refilled + 1);
        }
    }

    @Test
    void goesOnFromWhatWasLeftAndTellsRedisWhatItGaveOut() {
        String caller = UUID.randomUUID().toString();
        Map<String, String> slow = Map.of("policy.default.quota", "100", "policy.default.window", "1h");
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway gateway = OneGateway.on(redis.url(), slow)) {
            gateway.take(OneGateway.ask(caller, 40, null));
            redis.kill();
            gateway.awaitLocal();

            Verdict local = gateway.take(OneGateway.ask(caller, 50, null));
            redis.restart();
            gateway.awaitShared();
            Verdict shared = gateway.take(OneGateway.ask(caller, 1, null));

            assertThat(local.standings().getFirst().remaining()).isEqualTo(10);
            // The append-only file may have lost its last second, and with it the first 40.
            assertThat(shared.standings().getFirst().remaining()).isIn(9L, 49L);
        }
    }

    @Test
    void startsWithoutRedis() {
        try (OwnRedis redis = Backends.ownRedis()) {
            redis.kill();
            try (OneGateway gateway = OneGateway.starting(redis.url(), LIMIT)) {
                assertThat(gateway.take("somebody").admitted()).isTrue();

                redis.restart();
                gateway.awaitShared();

                assertThat(gateway.take("somebody").admitted()).isTrue();
            }
        }
    }

    private static long admitted(OneGateway gateway, String caller) {
        return IntStream.range(0, 120)
                .filter(_ -> gateway.take(caller).admitted())
                .count();
    }

    private static void letPass(Duration time) {
        long endNs = System.nanoTime() + time.toNanos();
        await().atMost(time.multipliedBy(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> System.nanoTime() - endNs >= 0);
    }
}
