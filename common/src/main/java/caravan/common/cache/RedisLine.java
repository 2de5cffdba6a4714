package caravan.common.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One pipelined connection to Redis on one event loop. Every request ends within the timeout and one look, whatever Redis does;
 * while Redis is away requests end at once, and it is looked for in the background.
 *
 * <pre>
 * away ─connect, PING answered─▶ up
 *   ◀── closed by the other side, or an answer is late ──┘
 * </pre>
 *
 * A late answer ends the connection, since all others would have to wait behind it. What was sent on it may still be done, at any
 * later time: so no request means anything that depends on when it arrives. {@link #up}, {@link #open}, {@link #close} and
 * {@link #ask} from any thread, all else on the {@link #context}.
 */
public final class RedisLine {

    private static final Logger LOG = Logger.getLogger(RedisLine.class);

    /** More than a process can have under way while Redis is in good health. */
    private static final int MOST_UNDER_WAY = 4096;

    private static final int LOOKS_A_TIMEOUT = 5;

    /** What went out and is not answered. Redis answers in order: the oldest is the first. */
    private record Call(Promise<Response> answer, long sentNs) {}

    private final Vertx vertx;
    private final Context context;
    private final RedisOptions options;
    private final RedisConfig config;

    private Deque<Call> underWay = new ArrayDeque<>();
    private @Nullable Redis client;
    private @Nullable RedisConnection connection;

    /** Of connecting. What belongs to an earlier one comes too late. */
    private int attempt;

    private long triedNs;
    private long lookedNs = System.nanoTime();
    private long timer;
    private boolean open;
    private volatile boolean up;

    /** Nothing is connected before {@link #open}. */
    public RedisLine(Vertx vertx, String url, RedisConfig config, MeterRegistry meters) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.options = options(url, config.timeout());
        this.triedNs = System.nanoTime() - config.probeEvery().toNanos();
        CacheMetrics.watchLine(meters, () -> up);
    }

    public void open() {
        context.runOnContext(_ -> {
            open = true;
            timer = vertx.setPeriodic(Math.max(1, config.timeout().toMillis() / LOOKS_A_TIMEOUT), _ -> tend());
            tend();
        });
    }

    /** Not again afterwards. */
    public void close() {
        context.runOnContext(_ -> {
            open = false;
            vertx.cancelTimer(timer);
            drop("closed");
        });
    }

    /** Whether it is worth asking. */
    public boolean up() {
        return up;
    }

    /** The event loop of this connection, for whoever has state beside it. */
    public Context context() {
        return context;
    }

    /** Fails with {@link RedisAwayException}, or with what Redis says is wrong. */
    public Future<Response> send(Request request) {
        RedisConnection to = connection;
        if (to == null || !up) {
            return Future.failedFuture(new RedisAwayException("no connection"));
        }
        return send(to, request);
    }

    /** The same for a script, whose text is sent only when Redis does not know it. */
    public Future<Response> run(Script script, List<String> keys, Object... arguments) {
        return send(request(Request.cmd(Command.EVALSHA).arg(script.sha()), keys, arguments))
                .recover(fault -> isUnknownScript(fault)
                        ? send(request(Request.cmd(Command.EVAL).arg(script.text()), keys, arguments))
                        : Future.failedFuture(fault));
    }

    /** Runs work on the context, from any thread. Its result is on the context of whoever asks, who has one or not. */
    public <R> Uni<R> ask(Function<@Nullable Context, Future<R>> work) {
        return Uni.createFrom().emitter(emitter -> {
            Context caller = Vertx.currentContext();
            context.runOnContext(_ -> Future.succeededFuture()
                    .compose(_ -> work.apply(caller))
                    .onComplete(
                            result -> run(caller, () -> emitter.complete(result)),
                            fault -> run(caller, () -> emitter.fail(fault))));
        });
    }

    /** Runs work on another context, or right here when there is none. Its result is on the context of this line. */
    <R> Future<R> elsewhere(@Nullable Context other, Uni<R> work) {
        Promise<R> result = ((ContextInternal) context).promise();
        run(other, () -> work.subscribe().with(result::complete, result::fail));
        return result.future();
    }

    private static void run(@Nullable Context on, Runnable work) {
        if (on == null) {
            work.run();
        } else {
            on.runOnContext(_ -> work.run());
        }
    }

    private static Request request(Request request, List<String> keys, Object... arguments) {
        request.arg(keys.size());
        keys.forEach(request::arg);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(argument.toString());
            }
        }
        return request;
    }

    private Future<Response> send(RedisConnection to, Request request) {
        if (underWay.size() >= MOST_UNDER_WAY) {
            return Future.failedFuture(new RedisAwayException(MOST_UNDER_WAY + " requests are under way"));
        }
        Call call = new Call(Promise.promise(), System.nanoTime());
        underWay.add(call);
        to.send(request).onComplete(answer -> {
            if (call.equals(underWay.peek())) {
                underWay.poll();
            }
            settle(call, answer);
        });
        return call.answer().future();
    }

    private static void settle(Call call, AsyncResult<Response> answer) {
        if (answer.succeeded()) {
            call.answer().tryComplete(answer.result());
        } else {
            call.answer().tryFail(answer.cause());
        }
    }

    private void tend() {
        long nowNs = System.nanoTime();
        if (isLate()) {
            drop("an answer is late");
        }
        if (client == null && nowNs - triedNs >= config.probeEvery().toNanos()) {
            connect(nowNs);
        } else if (client != null
                && connection == null
                && nowNs - triedNs > 2 * config.timeout().toNanos()) {
            drop("no connection in time");
        }
        lookedNs = nowNs;
    }

    /**
     * Late is what was overdue at the look before this one. Timers run after what was read: between two looks the event loop reads
     * once more, and after a stall of its own finds answers that have long been there.
     */
    private boolean isLate() {
        Call oldest = underWay.peek();
        return oldest != null && oldest.sentNs() - (lookedNs - config.timeout().toNanos()) < 0;
    }

    private void connect(long nowNs) {
        Redis fresh = Redis.createClient(vertx, options);
        client = fresh;
        triedNs = nowNs;
        int mine = attempt;
        fresh.connect()
                .compose(to -> to.send(Request.cmd(Command.PING)).map(to))
                .onComplete(result -> connected(mine, result));
    }

    private void connected(int mine, AsyncResult<RedisConnection> result) {
        if (attempt != mine) {
            return;
        }
        if (result.failed()) {
            LOG.debugf("Redis cannot be reached: %s", result.cause());
            drop("no connection");
            return;
        }
        RedisConnection fresh = result.result();
        fresh.endHandler(_ -> lost(mine)).exceptionHandler(_ -> lost(mine));
        connection = fresh;
        turn(true, "connected");
    }

    private void lost(int mine) {
        if (attempt == mine) {
            drop("the connection broke");
        }
    }

    private void drop(String why) {
        Redis old = client;
        Deque<Call> unanswered = underWay;
        attempt++;
        client = null;
        connection = null;
        underWay = new ArrayDeque<>();
        turn(false, why);
        if (old != null) {
            old.close();
        }
        unanswered.forEach(call -> call.answer().tryFail(new RedisAwayException(why)));
    }

    private void turn(boolean nowUp, String why) {
        if (up != nowUp) {
            up = nowUp;
            if (open) {
                LOG.infof("Redis is %s: %s", nowUp ? "there" : "away, caches go on without it", why);
            }
        }
    }

    private static boolean isUnknownScript(Throwable fault) {
        return String.valueOf(fault.getMessage()).startsWith("NOSCRIPT");
    }

    private static RedisOptions options(String url, Duration timeout) {
        return new RedisOptions()
                .setConnectionString(url)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setMaxWaitingHandlers(2 * MOST_UNDER_WAY)
                // The older protocol answers a call and a script alike, and needs no greeting.
                .setProtocolNegotiation(false)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                // A span for each call would cost more than the call.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setNetClientOptions(new NetClientOptions()
                        .setConnectTimeout(Math.toIntExact(2 * timeout.toMillis()))
                        .setTcpNoDelay(true));
    }
}
