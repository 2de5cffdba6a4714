package caravan.common.cache;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one process has of a cache: its own Vert.x, its own connection, its own flights. */
final class OneProcess implements AutoCloseable {

    static final Duration BOUND = Duration.ofSeconds(20);

    private static final Format<String> TEXT = new Format<>() {
        @Override
        public byte[] write(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String read(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    final Vertx vertx = Vertx.vertx();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Settings settings;
    final RedisLine line;
    final CacheAside<String> cache;

    private OneProcess(String redisUrl, String prefix, Map<String, String> wanted) {
        settings = Settings.with(wanted);
        line = new RedisLine(vertx, redisUrl, settings.redis(), meters);
        cache = new CacheAside<>(line, settings, TEXT, new CacheMetrics(meters, "test"), prefix);
        line.open();
    }

    /** Not yet connected. */
    static OneProcess starting(String redisUrl, String prefix, Map<String, String> wanted) {
        return new OneProcess(redisUrl, prefix, wanted);
    }

    static OneProcess on(String redisUrl, String prefix, Map<String, String> wanted) {
        OneProcess process = new OneProcess(redisUrl, prefix, wanted);
        process.awaitRedis(true);
        return process;
    }

    void awaitRedis(boolean up) {
        await().atMost(BOUND).pollInterval(Duration.ofMillis(5)).until(() -> line.up() == up);
    }

    CompletableFuture<Served<String>> ask(String key, Supplier<Uni<Loaded<String>>> load) {
        return cache.get(key, load).subscribeAsCompletionStage();
    }

    Served<String> get(String key, Supplier<Uni<Loaded<String>>> load) {
        return join(ask(key, load));
    }

    @Nullable
    String value(String key, Supplier<Uni<Loaded<String>>> load) {
        return get(key, load).value();
    }

    /** A write of which the database says this. */
    void write(String key, Loaded<String> now) {
        join(cache.write(key, () -> Uni.createFrom().item(now), Optional::of).subscribeAsCompletionStage());
    }

    void invalidate(String key) {
        join(cache.invalidate(key, 0).subscribeAsCompletionStage());
    }

    @Nullable
    Response redis(Request request) {
        return join(line.ask(_ -> line.send(request)).subscribeAsCompletionStage());
    }

    boolean has(String redisKey) {
        Response found = redis(Request.cmd(Command.EXISTS).arg(redisKey));
        return found != null && found.toInteger() == 1;
    }

    void flushRedis() {
        redis(Request.cmd(Command.FLUSHALL));
    }

    double requests(String result) {
        return meters.counter("cache.requests", "cache", "test", "result", result)
                .count();
    }

    double leases(String event) {
        return meters.counter("cache.lease", "cache", "test", "event", event).count();
    }

    double loads(String outcome) {
        return meters.counter("cache.loads", "cache", "test", "outcome", outcome)
                .count();
    }

    /** As kill -9 does: nothing is given up, nothing is said. */
    void kill() {
        join(vertx.close());
    }

    @Override
    public void close() {
        join(vertx.close());
    }

    static <T> T join(Future<T> future) {
        return join(future.toCompletionStage().toCompletableFuture());
    }

    static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
    }
}
