package caravan.gateway.limit;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One pipelined connection to Redis on one event loop, which is brought up again in the background: nobody ever waits for it.
 * A client of its own, because a connection that hangs can only be ended with the pool it is in. Event loop only, but for
 * {@link #up}.
 *
 * <pre>
 * down ─connect─▶ up ─nothing in time for three timeouts─▶ doubted ─PING in time─▶ up
 *   ◀─────────── closed by the other side, or silent for {@link #SILENT_NS} ──────────┘
 * </pre>
 */
final class RedisLine {

    private static final Logger LOG = Logger.getLogger(RedisLine.class);

    private static final int MISSES = 3;

    private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(1);

    private final Vertx vertx;
    private final Context context;
    private final RedisOptions options;
    private final Duration timeout;
    private final Script script;
    private final LimitMetrics metrics;

    private @Nullable Redis client;
    private @Nullable RedisConnection connection;
    private volatile boolean up;

    /** Of connecting. What belongs to an earlier one comes too late. */
    private int attempt;

    private boolean asking;
    private long askedNs;
    private int misses;
    private long firstMissNs;
    private long timer;

    RedisLine(
            Vertx vertx, Context context, RedisOptions options, Duration timeout, Script script, LimitMetrics metrics) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.timeout = timeout;
        this.script = script;
        this.metrics = metrics;
    }

    /** Any thread. */
    void open(Duration tendEvery) {
        metrics.lineWent(false);
        context.runOnContext(_ -> {
            timer = vertx.setPeriodic(tendEvery.toMillis(), _ -> tend());
            tend();
        });
    }

    /** Any thread. */
    void close() {
        context.runOnContext(_ -> {
            vertx.cancelTimer(timer);
            drop();
        });
    }

    /** Whether it is worth asking. Any thread. */
    boolean up() {
        return up;
    }

    Context context() {
        return context;
    }

    /** Requests go out in this order and are answered in it. */
    Future<Response> send(Request request) {
        return connection == null ? Future.failedFuture("no connection to Redis") : connection.send(request);
    }

    void answered() {
        misses = 0;
    }

    /** A hiccup makes everything that is under way late at once, so that a count alone would say little. */
    void missed() {
        long nowNs = System.nanoTime();
        if (misses == 0) {
            firstMissNs = nowNs;
        }
        misses++;
        if (misses >= MISSES && nowNs - firstMissNs >= 2 * timeout.toNanos()) {
            turn(false, misses + " answers in a row were late or faults");
        }
    }

    private void tend() {
        if (asking) {
            if (System.nanoTime() - askedNs > SILENT_NS) {
                LOG.debugf("Redis is silent: connecting again");
                drop();
            }
        } else if (connection == null) {
            connect();
        } else if (!up) {
            probe(connection);
        }
    }

    private void connect() {
        Redis fresh = Redis.createClient(vertx, options);
        client = fresh;
        ask();
        int mine = attempt;
        fresh.connect().compose(this::load).onComplete(result -> connected(mine, result));
    }

    /** Also shows that it really is a Redis that answers. */
    private Future<RedisConnection> load(RedisConnection fresh) {
        return fresh.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.text()))
                .map(fresh);
    }

    private void connected(int mine, AsyncResult<RedisConnection> result) {
        if (attempt != mine) {
            return;
        }
        asking = false;
        if (result.failed()) {
            LOG.debugf("Redis cannot be reached: %s", result.cause());
            drop();
            return;
        }
        result.result().endHandler(_ -> lost(mine)).exceptionHandler(_ -> lost(mine));
        connection = result.result();
        turn(true, "connected");
    }

    private void lost(int mine) {
        if (attempt == mine) {
            drop();
        }
    }

    private void probe(RedisConnection on) {
        ask();
        int mine = attempt;
        on.send(Request.cmd(Command.PING)).onComplete(result -> {
            if (attempt == mine) {
                asking = false;
                if (result.succeeded() && System.nanoTime() - askedNs <= timeout.toNanos()) {
                    turn(true, "it answers in time again");
                }
            }
        });
    }

    private void ask() {
        asking = true;
        askedNs = System.nanoTime();
    }

    private void drop() {
        Redis old = client;
        attempt++;
        client = null;
        connection = null;
        asking = false;
        turn(false, "no connection");
        if (old != null) {
            old.close();
        }
    }

    private void turn(boolean nowUp, String why) {
        misses = 0;
        if (up != nowUp) {
            up = nowUp;
            metrics.lineWent(nowUp);
            LOG.infof("Limits are %s: %s", nowUp ? "shared through Redis" : "local shares", why);
        }
    }
}
