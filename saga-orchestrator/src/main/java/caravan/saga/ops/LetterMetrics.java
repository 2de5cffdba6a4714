package caravan.saga.ops;

import caravan.common.contract.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of the dead letters. Topics are a closed list: what came from elsewhere is counted as {@code other}. */
@Singleton
class LetterMetrics {

    private static final String OTHER = "other";

    private final Map<String, AtomicLong> open = new HashMap<>();
    private final Counter replayed;

    LetterMetrics(MeterRegistry meters) {
        Topics.ALL.forEach(topic -> open.put(topic, watch(meters, topic)));
        open.put(OTHER, watch(meters, OTHER));
        this.replayed = meters.counter("dead.letters.replayed");
    }

    private static AtomicLong watch(MeterRegistry meters, String topic) {
        AtomicLong count = new AtomicLong();
        Gauge.builder("dead.letters.open", count, AtomicLong::doubleValue)
                .tag("topic", topic)
                .register(meters);
        return count;
    }

    void open(Map<String, Long> byTopic) {
        long known = 0;
        long all = byTopic.values().stream().mapToLong(Long::longValue).sum();
        for (String topic : Topics.ALL) {
            long count = byTopic.getOrDefault(topic, 0L);
            known += count;
            set(topic, count);
        }
        set(OTHER, all - known);
    }

    void replayed(int letters) {
        replayed.increment(letters);
    }

    private void set(String topic, long count) {
        AtomicLong gauge = open.get(topic);
        if (gauge != null) {
            gauge.set(count);
        }
    }
}
