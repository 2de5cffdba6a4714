package caravan.inventory;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What Redis has, past the service. */
final class RedisPeek implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Redis redis;

    RedisPeek(String url) {
        redis = Redis.createClient(vertx, url);
    }

    /** The entry of a product is that much older from now on. */
    void age(String sku, Duration by) {
        send(Request.cmd(Command.HINCRBY)
                .arg("inventory:product:" + sku)
                .arg("at")
                .arg(-by.toNanos() / 1_000));
    }

    boolean has(String key) {
        return text(Request.cmd(Command.EXISTS).arg(key)).equals("1");
    }

    /** The views of a product on the leaderboard. */
    long board(String sku) {
        String score =
                text(Request.cmd(Command.ZSCORE).arg("inventory:views:top").arg(sku));
        return score.equals("null") ? 0 : Math.round(Double.parseDouble(score));
    }

    /** What it answers, as text. */
    String text(Request request) {
        return String.valueOf(send(request));
    }

    @Nullable
    Response send(Request request) {
        return redis.send(request)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
