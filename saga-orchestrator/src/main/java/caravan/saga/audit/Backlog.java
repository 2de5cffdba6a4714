package caravan.saga.audit;

import caravan.common.contract.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** What the orchestrator has not read yet of the orders, as its own meter tells. */
@Singleton
class Backlog {

    /** Seconds under load: the consumer commits once a second. */
    private static final double SMALL = 1000;

    private final MeterRegistry meters;

    Backlog(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Not while nobody can tell. */
    boolean isSmall() {
        @Nullable
        Gauge lag = meters.find("kafka.consumer.lag")
                .tag("topic", Topics.ORDER_EVENTS)
                .gauge();
        return lag != null && lag.value() < SMALL;
    }
}
