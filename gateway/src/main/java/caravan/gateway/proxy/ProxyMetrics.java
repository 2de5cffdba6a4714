package caravan.gateway.proxy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** All meters of the way to the services. Made once for each service: a request looks nothing up. */
@Singleton
class ProxyMetrics {

    private final MeterRegistry meters;

    ProxyMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counters of one service's calls. */
    record Calls(Counter answered, Map<Fault.Kind, Counter> failed, Counter retried) {

        void failed(Fault.Kind kind) {
            Objects.requireNonNull(failed.get(kind), "one for each kind").increment();
        }
    }

    Calls calls(Target target) {
        Map<Fault.Kind, Counter> failed = new EnumMap<>(Fault.Kind.class);
        for (Fault.Kind kind : Fault.Kind.values()) {
            failed.put(kind, call(target, kind.name().toLowerCase(Locale.ROOT)));
        }
        return new Calls(
                call(target, "answered"), failed, meters.counter("proxy.retries", "downstream", target.label()));
    }

    /** 0 closed, 1 half-open, 2 open. */
    void watchBreaker(Target target, Breaker breaker) {
        Gauge.builder("breaker.state", breaker, Breaker::level)
                .tag("downstream", target.label())
                .strongReference(true)
                .register(meters);
    }

    /** @param places "requests" or "streams" */
    void watchBulkhead(Target target, String places, Supplier<Number> active) {
        Gauge.builder("bulkhead.active", active)
                .tag("downstream", target.label())
                .tag("places", places)
                .register(meters);
    }

    void watchStreams(Supplier<Number> open) {
        Gauge.builder("streams.open", open).register(meters);
    }

    void watchAdmission(Supplier<Number> closed) {
        Gauge.builder("admission.closed", closed).register(meters);
    }

    private Counter call(Target target, String outcome) {
        return meters.counter("breaker.calls", "downstream", target.label(), "outcome", outcome);
    }
}
