package caravan.order.replica;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/** Every meter of this package. */
@Singleton
class ReplicaMetrics {

    private final MeterRegistry meters;
    private final Map<Reason, Counter> reads = new EnumMap<>(Reason.class);

    ReplicaMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (Reason reason : Reason.values()) {
            reads.put(
                    reason,
                    meters.counter("reads", "node", Reason.label(reason.node()), "reason", Reason.label(reason)));
        }
    }

    /** @param lagSeconds no number while it is not known */
    void watch(DoubleSupplier lagSeconds, BooleanSupplier inRotation) {
        Gauge.builder("replica.lag", lagSeconds::getAsDouble)
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
        Gauge.builder("replica.in.rotation", () -> inRotation.getAsBoolean() ? 1 : 0)
                .strongReference(true)
                .register(meters);
    }

    /** One that was answered. */
    void read(Reason reason) {
        Counter counter = reads.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
