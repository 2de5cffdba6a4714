package caravan.gateway.limit;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one gateway process has of the limits: its own Vert.x, its own connections. */
final class OneGateway implements AutoCloseable {

    static final Map<String, String> HUNDRED_IN_TEN_SECONDS =
            Map.of("policy.default.quota", "100", "policy.default.window", "10s");

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Limiter limiter;

    private OneGateway(String redisUrl, Map<String, String> settings) {
        limiter = new Limiter(vertx, config(settings), redisUrl, meters);
        limiter.start(new StartupEvent());
    }

    /** Not yet connected. */
    static OneGateway starting(String redisUrl, Map<String, String> settings) {
        return new OneGateway(redisUrl, settings);
    }

    static OneGateway on(String redisUrl, Map<String, String> settings) {
        OneGateway gateway = new OneGateway(redisUrl, settings);
        gateway.awaitShared();
        return gateway;
    }

    static LimitsConfig config(Map<String, String> settings) {
        Map<String, String> full = new HashMap<>();
        settings.forEach((key, value) -> full.put("caravan.gateway.limits." + key, value));
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(LimitsConfig.class)
                .withDefaultValues(full)
                .build()
                .getConfigMapping(LimitsConfig.class);
    }

    void awaitShared() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(limiter::shared);
    }

    void awaitLocal() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !limiter.shared());
    }

    void awaitGateways(int live) {
        await().atMost(Duration.ofSeconds(30)).until(() -> limiter.liveGateways() == live);
    }

    Verdict take(String caller) {
        return take(ask(caller, 1, null));
    }

    Verdict take(Ask ask) {
        return get(limiter.take(ask));
    }

    static Ask ask(String caller, int cost, @Nullable UUID session) {
        return new Ask(caller, "192.0.2.1", "orders", cost, session);
    }

    static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    double counted(String policy, String outcome) {
        return meters.counter("limiter.decisions", "policy", policy, "outcome", outcome)
                .count();
    }

    double fellBack(String cause) {
        return meters.counter("limiter.fallback", "cause", cause).count();
    }

    @Override
    public void close() {
        limiter.stop(new ShutdownEvent());
        get(vertx.close());
    }
}
