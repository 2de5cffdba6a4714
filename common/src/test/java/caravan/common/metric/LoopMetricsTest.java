package caravan.common.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {

    @Test
    void seesALoopThatIsHeld() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        LoopMetrics metrics = new LoopMetrics(meters);
        CountDownLatch over = new CountDownLatch(1);
        metrics.start(new StartupEvent(), vertx);

        vertx.getOrCreateContext().runOnContext(_ -> hold(over));

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(meters.get("event.loop.lag").gauge().value()).isBetween(0.3, 5.0));
        metrics.stop(new ShutdownEvent());
        vertx.close();
    }

    /** Longer than two timers are apart, so that one of them is late by the rest. */
    private static void hold(CountDownLatch over) {
        long until = System.nanoTime() + Duration.ofMillis(700).toNanos();
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        over.countDown();
    }
}
