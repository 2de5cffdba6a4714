package caravan.gateway.limit;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import com.sun.management.OperatingSystemMXBean;
import io.vertx.core.Context;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How many takes one gateway and core can do: a fixed number of requests under way on one event loop, two policies each. Run
 * its main from an IDE, or with the class path of the tests; arguments: requests under way, seconds.
 */
final class LimiterLoad {

    private static final int CALLERS = 1000;

    private LimiterLoad() {}

    public static void main(String[] arguments) {
        int underWay = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Map<String, String> limits = Map.of(
                "policy.default.quota", "100",
                "policy.default.window", "10s",
                "policy.address.by", "address",
                "policy.address.quota", "1000000",
                "policy.address.window", "1s");
        try (OwnRedis redis = Backends.ownRedis();
                OneGateway gateway = OneGateway.on(redis.url(), limits)) {
            new LimiterLoad().run(gateway, redis, underWay, seconds);
        }
    }

    private final AtomicLong taken = new AtomicLong();
    private volatile boolean done;

    private void run(OneGateway gateway, OwnRedis redis, int underWay, int seconds) {
        Context loop = gateway.vertx.getOrCreateContext();
        for (int i = 0; i < underWay; i++) {
            loop.runOnContext(_ -> again(gateway, loop));
        }
        pass(5);
        long taken0 = taken.get();
        long cpu0 = cpuNs();
        long redis0 = redisCpuNs(redis);
        long began = System.nanoTime();
        pass(seconds);
        double took = (System.nanoTime() - began) / 1e9;
        long takes = taken.get() - taken0;
        double cpu = (cpuNs() - cpu0) / 1e9;
        double redisCpu = (redisCpuNs(redis) - redis0) / 1e9;
        done = true;
        System.out.printf(
                "%d under way: %.0f takes/s; per take %.1f µs CPU here (%.0f/s and core), %.1f µs in Redis; late %.0f, away %.0f%n",
                underWay,
                takes / took,
                cpu * 1e6 / takes,
                takes / cpu,
                redisCpu * 1e6 / takes,
                gateway.fellBack("late"),
                gateway.fellBack("away"));
        System.out.println(
                "script calls: " + gateway.meters.timer("limiter.script").count());
    }

    private void again(OneGateway gateway, Context loop) {
        if (!done) {
            String caller = "caller-" + taken.get() % CALLERS;
            gateway.limiter.take(OneGateway.ask(caller, 1, null)).onComplete(_ -> {
                taken.incrementAndGet();
                loop.runOnContext(_ -> again(gateway, loop));
            });
        }
    }

    private static void pass(int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static long cpuNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long redisCpuNs(OwnRedis redis) {
        return ProcessHandle.of(redis.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElse(0L);
    }
}
