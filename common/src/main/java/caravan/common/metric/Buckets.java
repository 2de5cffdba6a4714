package caravan.common.metric;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/**
 * Histograms with few, fixed edges. Whatever an alert compares with is an edge: the share below it is counted, not guessed
 * between two others.
 */
public final class Buckets {

    /** Of requests and messages, the same in every service, so that they can be added up. */
    private static final List<Duration> RED = List.of(
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    private Buckets() {}

    /** A timer of requests or messages. Look it up once, not with each of them. */
    public static Timer red(MeterRegistry meters, String name, String... tags) {
        return timer(meters, name, RED, tags);
    }

    /** A timer with edges of its own, lowest first. */
    public static Timer timer(MeterRegistry meters, String name, List<Duration> edges, String... tags) {
        return Timer.builder(name)
                .tags(tags)
                .serviceLevelObjectives(edges.toArray(Duration[]::new))
                .register(meters);
    }
}
