package caravan.common.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Every meter of one cache, by its name; {@code cache.redis.up} is the line's. */
public final class CacheMetrics implements Lease.Watcher {

    /** What a reader got. */
    enum Result {
        HIT,
        /** Not fresh, while somebody loads or because a load failed. */
        STALE,
        /** It had to wait for a load. */
        MISS,
        /** The entry says that there is nothing. */
        NEGATIVE,
        /** It did not ask the cache. */
        BYPASS
    }

    enum Outcome {
        FOUND,
        ABSENT,
        FAILED
    }

    enum LeaseEvent {
        TAKEN,
        /** For another process that has it. */
        WAITED,
        RENEWED,
        /** It ran out while its owner was held up, or an invalidation took it away. */
        LOST
    }

    private final Map<Result, Counter> requests = new EnumMap<>(Result.class);
    private final Map<Outcome, Counter> loads = new EnumMap<>(Outcome.class);
    private final Map<LeaseEvent, Counter> leases = new EnumMap<>(LeaseEvent.class);
    private final Timer loading;

    public CacheMetrics(MeterRegistry meters, String cache) {
        for (Result result : Result.values()) {
            requests.put(result, meters.counter("cache.requests", "cache", cache, "result", label(result)));
        }
        for (Outcome outcome : Outcome.values()) {
            loads.put(outcome, meters.counter("cache.loads", "cache", cache, "outcome", label(outcome)));
        }
        for (LeaseEvent event : LeaseEvent.values()) {
            leases.put(event, meters.counter("cache.lease", "cache", cache, "event", label(event)));
        }
        this.loading = meters.timer("cache.load.duration", "cache", cache);
    }

    /** The connection that caches share. */
    static void watchLine(MeterRegistry meters, BooleanSupplier isUp) {
        Gauge.builder("cache.redis.up", () -> isUp.getAsBoolean() ? 1 : 0).register(meters);
    }

    void requested(Result result) {
        Objects.requireNonNull(requests.get(result)).increment();
    }

    void loaded(Outcome outcome, Duration took) {
        Objects.requireNonNull(loads.get(outcome)).increment();
        loading.record(took);
    }

    void leased(LeaseEvent event) {
        Objects.requireNonNull(leases.get(event)).increment();
    }

    @Override
    public void taken() {
        leased(LeaseEvent.TAKEN);
    }

    @Override
    public void renewed() {
        leased(LeaseEvent.RENEWED);
    }

    @Override
    public void lost() {
        leased(LeaseEvent.LOST);
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
