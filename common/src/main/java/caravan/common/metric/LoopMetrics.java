package caravan.common.metric;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * {@code event.loop.lag}: how late the latest of the event loops ran a timer, the worst of the last ten seconds. Whatever holds
 * a loop holds all requests and records on it.
 */
@Singleton
public class LoopMetrics {

    /**
     * A loop that is held for shorter is seen now and then only; a loop that is held often is seen soon. Four a second wake an
     * idle process less than one of its consumers' polls does.
     */
    private static final long EVERY_MS = 250;

    private static final int WINDOWS = 5;
    private static final long WINDOW_MS = 2_000;

    private final TimeWindowMax worstNs = new TimeWindowMax(Clock.SYSTEM, WINDOW_MS, WINDOWS);
    private final List<Future<?>> timers = new ArrayList<>();

    LoopMetrics(MeterRegistry meters) {
        Gauge.builder("event.loop.lag", worstNs, worst -> worst.poll() / 1e9)
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
    }

    void start(@Observes StartupEvent event, Vertx vertx) {
        for (EventExecutor loop : ((VertxInternal) vertx).getEventLoopGroup()) {
            timers.add(watch(loop));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timers.forEach(timer -> timer.cancel(false));
    }

    private Future<?> watch(EventExecutor loop) {
        long everyNs = TimeUnit.MILLISECONDS.toNanos(EVERY_MS);
        long[] due = {System.nanoTime() + everyNs};
        return loop.scheduleWithFixedDelay(
                () -> {
                    long now = System.nanoTime();
                    worstNs.record((double) Math.max(0, now - due[0]));
                    due[0] = now + everyNs;
                },
                EVERY_MS,
                EVERY_MS,
                TimeUnit.MILLISECONDS);
    }
}
