package caravan.gateway.limit;

import caravan.gateway.limit.LimitMetrics.Fallback;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.redis.client.RedisOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Takes tokens. Every verdict comes within the Redis timeout, whatever Redis does, and on the context of whoever asked. Any
 * thread; cheapest on an event loop.
 */
@Singleton
public class Limiter {

    private final Vertx vertx;
    private final LimitsConfig config;
    private final Policies policies;
    private final Gateways gateways = new Gateways();
    private final LimitMetrics metrics;
    private final LocalBuckets local;
    private final TakeScript script;
    private final RedisOptions options;

    /** One an event loop, made when the loop first asks. */
    private final Map<Thread, Lane> lanes = new ConcurrentHashMap<>();

    /** For everybody whose own lane is not up yet, or who is on no event loop. */
    private final Lane home;

    private long beats;

    Limiter(
            Vertx vertx,
            LimitsConfig config,
            @ConfigProperty(name = "caravan.redis.url") String redisUrl,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.config = config;
        this.policies = new Policies(config.policy());
        requireSane(config);
        this.metrics = new LimitMetrics(meters, policies.all(), gateways);
        this.local = new LocalBuckets(
                config.remembered(), policies.longestWindow(), gateways, () -> System.nanoTime() / 1000);
        this.script = new TakeScript(Script.resource("take.lua"), policies.all());
        this.options = options(redisUrl);
        this.home = lane(vertx.getOrCreateContext());
    }

    void start(@Observes StartupEvent event) {
        home.line().open(config.probeEvery());
        beats = vertx.setPeriodic(
                0, Gateways.BEAT.toMillis(), _ -> home.line().context().runOnContext(_ -> gateways.beat(home.line())));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(beats);
        home.line().context().runOnContext(_ -> gateways.leave(home.line()));
        home.line().close();
        lanes.values().forEach(lane -> lane.line().close());
    }

    /** Of the policies that apply to this route class; the session is looked for on the deny-list by the way. */
    public Future<Verdict> take(Ask ask) {
        List<Policy> applied = policies.forRoute(ask.routeClass());
        String[] keys = new String[applied.size()];
        for (int i = 0; i < keys.length; i++) {
            Policy policy = applied.get(i);
            keys[i] = policy.key(policy.by() == By.ADDRESS ? ask.address() : ask.caller());
        }
        return decide(applied, keys, ask.cost(), ask.session());
    }

    /**
     * One try to log in as somebody, from wherever. Redis sees a hash of the key only: it may be a mail address, and of any
     * length.
     */
    public Future<Verdict> takeAccount(String accountKey) {
        List<Policy> applied = policies.forAccount();
        String whose = Hash.sha256(accountKey);
        String[] keys = applied.stream().map(policy -> policy.key(whose)).toArray(String[]::new);
        return decide(applied, keys, 1, null);
    }

    /**
     * For the start: what a route costs must be payable.
     *
     * @throws IllegalArgumentException with the policy that could never pay
     */
    public void requireAffordable(String routeClass, int cost) {
        policies.requireAffordable(routeClass, cost);
    }

    /** Whether Redis is asked at all, as of now. */
    boolean shared() {
        return home.line().up()
                && lanes.values().stream().allMatch(lane -> lane.line().up());
    }

    int liveGateways() {
        return gateways.getAsInt();
    }

    private Future<Verdict> decide(List<Policy> applied, String[] keys, int cost, @Nullable UUID session) {
        if (keys.length == 0 && session == null) {
            return Future.succeededFuture(Verdict.UNLIMITED);
        }
        Take take = new Take(applied, keys, cost, session, promise());
        Lane own = Context.isOnEventLoopThread() ? own() : home;
        if (own != home && own.line().up()) {
            own.take(take);
        } else if (home.line().up()) {
            home.line().context().runOnContext(_ -> home.take(take));
        } else {
            home.decide(take, Fallback.AWAY);
        }
        return take.verdict();
    }

    private Lane own() {
        Lane known = lanes.get(Thread.currentThread());
        return known == null ? lanes.computeIfAbsent(Thread.currentThread(), _ -> opened()) : known;
    }

    private Lane opened() {
        // The context of the request ends with it; the one below it is the event loop's own.
        Lane lane = lane(((ContextInternal) vertx.getOrCreateContext()).unwrap());
        lane.line().open(config.probeEvery());
        return lane;
    }

    private Lane lane(Context context) {
        RedisLine line = new RedisLine(vertx, context, options, config.redisTimeout(), script.script(), metrics);
        return new Lane(vertx, line, script, local, metrics, config.redisTimeout());
    }

    /** Completed on the context of the caller: what follows belongs to its request, and is traced with it. */
    private static Promise<Verdict> promise() {
        return Vertx.currentContext() instanceof ContextInternal context ? context.promise() : Promise.promise();
    }

    private static RedisOptions options(String url) {
        return new RedisOptions()
                .setConnectionString(url)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                // A span for each call would cost more than the call.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setNetClientOptions(
                        new NetClientOptions().setConnectTimeout(1000).setTcpNoDelay(true));
    }

    private static void requireSane(LimitsConfig config) {
        requireBetween("redis-timeout", config.redisTimeout(), Duration.ofMillis(1), Duration.ofSeconds(1));
        requireBetween("probe-every", config.probeEvery(), Duration.ofMillis(10), Duration.ofSeconds(10));
        if (config.remembered() < 1) {
            throw new IllegalArgumentException("caravan.gateway.limits.remembered must be 1 at least");
        }
    }

    private static void requireBetween(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("caravan.gateway.limits.%s is %d ms; it can be %d to %d"
                    .formatted(key, value.toMillis(), least.toMillis(), most.toMillis()));
        }
    }
}
