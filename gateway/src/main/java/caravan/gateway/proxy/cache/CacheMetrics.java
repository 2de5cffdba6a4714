package caravan.gateway.proxy.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** All meters of the cache. */
@Singleton
class CacheMetrics {

    /** What came of asking before anybody had to wait. */
    enum Refresh {
        CHANGED,
        UNCHANGED,
        FAILED;

        String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final MeterRegistry meters;
    private final Map<Result, Counter> results = new EnumMap<>(Result.class);
    private final Map<Refresh, Counter> refreshes = new EnumMap<>(Refresh.class);
    private final Counter reported;
    private final Counter lost;

    CacheMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (Result result : Result.values()) {
            results.put(result, meters.counter("gateway.cache", "result", result.label()));
        }
        for (Refresh refresh : Refresh.values()) {
            refreshes.put(refresh, meters.counter("gateway.cache.refreshes", "outcome", refresh.label()));
        }
        this.reported = meters.counter("gateway.cache.hits.told", "outcome", "told");
        this.lost = meters.counter("gateway.cache.hits.told", "outcome", "lost");
    }

    void count(Result result) {
        Objects.requireNonNull(results.get(result), "one for each result").increment();
    }

    void count(Refresh refresh) {
        Objects.requireNonNull(refreshes.get(refresh), "one for each outcome").increment();
    }

    /** Hits that the service has heard of. */
    void told(long hits) {
        reported.increment((double) hits);
    }

    /** Hits that it will not hear of. */
    void lost(long hits) {
        lost.increment((double) hits);
    }

    void watch(Memory memory, Flights flights) {
        Gauge.builder("gateway.cache.bytes", memory, Memory::bytes)
                .strongReference(true)
                .register(meters);
        Gauge.builder("gateway.cache.entries", memory, Memory::entries)
                .strongReference(true)
                .register(meters);
        Gauge.builder("gateway.cache.waiting", flights, Flights::waiting)
                .strongReference(true)
                .register(meters);
    }
}
