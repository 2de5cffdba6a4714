package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LimiterTest {

    private static final String REDIS = Backends.addresses().redisUrl();

    /** Two limits whose tokens do not come back while a test looks. */
    private static final Map<String, String> SMALL_AND_LARGE = Map.of(
            "policy.default.quota", "10",
            "policy.default.window", "1h",
            "policy.large.quota", "1000",
            "policy.large.window", "1h");

    private static final Map<String, String> SLOW = Map.of("redis-timeout", "1s");

    private static final Vertx VERTX = Vertx.vertx();
    private static final Redis ADMIN = Redis.createClient(VERTX, REDIS);

    @BeforeAll
    static void warm() {
        // The first script call of a JVM takes longer than a request may wait.
        try (OneGateway gateway = OneGateway.on(REDIS, with(OneGateway.HUNDRED_IN_TEN_SECONDS, SLOW))) {
            gateway.take(caller());
        }
    }

    @AfterAll
    static void close() {
        ADMIN.close();
        OneGateway.get(VERTX.close());
    }

    @Test
    void admitsAHundredOfTwoThousandThroughTwoGateways() {
        String caller = caller();
        try (OneGateway one = OneGateway.on(REDIS, with(OneGateway.HUNDRED_IN_TEN_SECONDS, SLOW));
                OneGateway two = OneGateway.on(REDIS, with(OneGateway.HUNDRED_IN_TEN_SECONDS, SLOW))) {
            long started = System.nanoTime();

            long admitted = admitted(List.of(
                    many(one, caller, 500), many(two, caller, 500), many(one, caller, 500), many(two, caller, 500)));

            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            assertThat(one.fellBack("late") + two.fellBack("late")).isZero();
            assertThat(admitted).isBetween(100L, 100 + tookMs / 100 + 1);
            assertThat(one.counted("default", "admitted") + two.counted("default", "admitted"))
                    .isEqualTo((double) admitted);
            assertThat(one.counted("default", "refused") + two.counted("default", "refused"))
                    .isEqualTo((double) (2000 - admitted));
        }
    }

    @Test
    void takesNothingAnywhereWhenOnePolicyRefuses() {
        String caller = caller();
        try (OneGateway gateway = OneGateway.on(REDIS, with(SMALL_AND_LARGE, SLOW))) {
            gateway.take(OneGateway.ask(caller, 8, null));

            Verdict refused = gateway.take(OneGateway.ask(caller, 3, null));
            Verdict after = gateway.take(OneGateway.ask(caller, 2, null));

            assertThat(refused.admitted()).isFalse();
            assertThat(refused.retryAfter()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
            assertThat(remaining(refused)).containsExactly(2L, 992L);
            assertThat(after.admitted()).isTrue();
            assertThat(remaining(after)).containsExactly(0L, 990L);
        }
    }

    @Test
    void neverRefusesInShadow() {
        String caller = caller();
        Map<String, String> shadow = with(SMALL_AND_LARGE, Map.of("policy.default.mode", "shadow"));
        try (OneGateway gateway = OneGateway.on(REDIS, with(shadow, SLOW))) {

            List<Verdict> verdicts =
                    IntStream.range(0, 15).mapToObj(_ -> gateway.take(caller)).toList();

            assertThat(verdicts).allMatch(Verdict::admitted);
            assertThat(verdicts.getLast().standings())
                    .extracting(Standing::policy)
                    .containsExactly("large");
            assertThat(gateway.counted("default", "shadow-refused")).isEqualTo(5);
            assertThat(gateway.counted("default", "admitted")).isEqualTo(10);
        }
    }

    @Test
    void keepsAKeyForAsLongAsItsBucketRefills() {
        String caller = caller();
        try (OneGateway gateway = OneGateway.on(REDIS, with(OneGateway.HUNDRED_IN_TEN_SECONDS, SLOW))) {

            gateway.take(OneGateway.ask(caller, 40, null));

            long expiresInMs = redis(Request.cmd(Command.PTTL).arg("limit:default:" + caller))
                    .toLong();
            assertThat(expiresInMs).isBetween(1L, 4001L);
            assertThat((double) expiresInMs).isCloseTo(4000, within(1500.0));
        }
    }

    @Test
    void keepsNoKeyOfAFullBucket() {
        String caller = caller();
        try (OneGateway gateway = OneGateway.on(REDIS, with(OneGateway.HUNDRED_IN_TEN_SECONDS, SLOW))) {

            Verdict verdict = gateway.take(caller);

            assertThat(remaining(verdict)).containsExactly(99L);
            assertThat(verdict.standings().getFirst().resetSeconds()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> redis(Request.cmd(Command.EXISTS).arg("limit:default:" + caller))
                                    .toLong()
                            == 0);
        }
    }

    @Test
    void saysWhetherTheSessionHasEnded() {
        UUID ended = UUID.randomUUID();
        redis(Request.cmd(Command.SET).arg("deny:" + ended).arg("1").arg("EX").arg(60));
        try (OneGateway gateway = OneGateway.on(REDIS, with(SMALL_AND_LARGE, SLOW))) {

            Verdict denied = gateway.take(OneGateway.ask(caller(), 1, ended));
            Verdict other = gateway.take(OneGateway.ask(caller(), 1, UUID.randomUUID()));

            assertThat(denied.sessionDenied()).isTrue();
            assertThat(other.sessionDenied()).isFalse();
        }
    }

    @Test
    void asksAboutTheSessionEvenWhereNoPolicyApplies() {
        UUID ended = UUID.randomUUID();
        redis(Request.cmd(Command.SET).arg("deny:" + ended).arg("1").arg("EX").arg(60));
        try (OneGateway gateway = OneGateway.on(REDIS, SLOW)) {
            assertThat(gateway.take(OneGateway.ask(caller(), 1, ended)).sessionDenied())
                    .isTrue();
            assertThat(gateway.take(caller())).isEqualTo(Verdict.UNLIMITED);
        }
    }

    @Test
    void limitsTriesToLogInAsSomebody() {
        String account = "Ada <" + UUID.randomUUID() + "@example.com>";
        Map<String, String> login =
                Map.of("policy.login.by", "account", "policy.login.quota", "10", "policy.login.window", "60s");
        try (OneGateway gateway = OneGateway.on(REDIS, with(login, SLOW))) {

            List<Boolean> admitted = IntStream.range(0, 12)
                    .mapToObj(_ ->
                            OneGateway.get(gateway.limiter.takeAccount(account)).admitted())
                    .toList();

            assertThat(admitted).filteredOn(yes -> yes).hasSize(10);
            assertThat(redis(Request.cmd(Command.KEYS).arg("limit:login:*")).toString())
                    .doesNotContain("example.com");
        }
    }

    @Test
    void goesOnWhenRedisForgetsTheScript() {
        String caller = caller();
        try (OneGateway gateway = OneGateway.on(REDIS, with(SMALL_AND_LARGE, SLOW))) {
            gateway.take(caller);
            redis(Request.cmd(Command.SCRIPT).arg("FLUSH"));

            Verdict verdict = gateway.take(caller);

            assertThat(remaining(verdict)).containsExactly(8L, 998L);
            assertThat(gateway.fellBack("failed")).isZero();
        }
    }

    @Test
    void waitsForAnAnswerThatIsThereAndWasNotReadBecauseTheEventLoopWasBusy() {
        Duration timeout = Duration.ofMillis(200);
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway gateway = OneGateway.on(
                        redis.url(), with(SMALL_AND_LARGE, Map.of("redis-timeout", timeout.toMillis() + "ms")))) {
            Context loop = gateway.vertx.getOrCreateContext();
            // In a handler of what was read, as requests are, and not in a task: what else there is to read waits for
            // it.
            int port = OneGateway.get(onLoop(
                    loop,
                    () -> gateway.vertx
                            .createNetServer()
                            .connectHandler(socket -> socket.handler(_ -> {
                                redis.thaw();
                                LockSupport.parkNanos(timeout.multipliedBy(2).toNanos());
                                socket.end(Buffer.buffer("done"));
                            }))
                            .listen(0, "localhost")
                            .map(NetServer::actualPort)));
            NetSocket socket = OneGateway.get(gateway.vertx.createNetClient().connect(port, "localhost"));
            Promise<Buffer> busy = Promise.promise();
            socket.handler(busy::complete);
            OneGateway.get(onLoop(loop, () -> gateway.limiter.take(OneGateway.ask(caller(), 1, null))));
            gateway.awaitShared();

            redis.freeze();
            Future<Verdict> asked = onLoop(loop, () -> gateway.limiter.take(OneGateway.ask(caller(), 1, null)));
            socket.write("work");

            assertThat(OneGateway.get(asked).admitted()).isTrue();
            OneGateway.get(busy.future());
            assertThat(gateway.fellBack("late")).isZero();
        }
    }

    @Test
    void countsGatewaysThatLive() {
        // In the other Redis the gateway of the tests beside this one may live.
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway one = OneGateway.on(redis.url(), SLOW)) {
            int before = one.limiter.liveGateways();

            try (OneGateway two = OneGateway.on(redis.url(), SLOW)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> one.limiter.liveGateways() >= 2 && two.limiter.liveGateways() >= 2);
            }

            await().atMost(Duration.ofSeconds(20)).until(() -> one.limiter.liveGateways() <= Math.max(1, before));
        }
    }

    @Test
    void answersOnTheContextOfTheCaller() {
        try (OneGateway gateway = OneGateway.on(REDIS, with(SMALL_AND_LARGE, SLOW))) {
            Context context = gateway.vertx.getOrCreateContext();
            Promise<Boolean> same = Promise.promise();

            context.runOnContext(_ -> gateway.limiter
                    .take(OneGateway.ask(caller(), 1, null))
                    .onComplete(_ -> same.complete(context.equals(Vertx.currentContext()))));

            assertThat(OneGateway.get(same.future())).isTrue();
        }
    }

    @Test
    void refusesToStartWithATimeoutThatCannotBeMeant() {
        assertThatThrownBy(() -> OneGateway.starting(REDIS, Map.of("redis-timeout", "10s")))
                .hasMessage("caravan.gateway.limits.redis-timeout is 10000 ms; it can be 1 to 1000");
    }

    /** From an event loop of the gateway, all at once. */
    private static Future<List<Verdict>> many(OneGateway gateway, String caller, int count) {
        Promise<List<Verdict>> all = Promise.promise();
        List<Future<Verdict>> takes = new ArrayList<>();
        gateway.vertx.runOnContext(_ -> {
            for (int i = 0; i < count; i++) {
                takes.add(gateway.limiter.take(OneGateway.ask(caller, 1, null)));
            }
            Future.all(takes).<List<Verdict>>map(done -> done.list()).onComplete(all);
        });
        return all.future();
    }

    private static <T> Future<T> onLoop(Context loop, Supplier<Future<T>> what) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(_ -> what.get().onComplete(done));
        return done.future();
    }

    private static long admitted(List<Future<List<Verdict>>> parts) {
        return parts.stream()
                .map(OneGateway::get)
                .flatMap(List::stream)
                .filter(Verdict::admitted)
                .count();
    }

    private static Response redis(Request request) {
        return OneGateway.get(ADMIN.send(request));
    }

    private static List<Long> remaining(Verdict verdict) {
        return verdict.standings().stream().map(Standing::remaining).toList();
    }

    private static String caller() {
        return UUID.randomUUID().toString();
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }
}
