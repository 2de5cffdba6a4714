package caravan.saga.runtime;

import caravan.common.contract.SagaAdvanced;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** All meters of the orchestrator. Tags come from enums and definitions, never from ids. */
@Singleton
class SagaMetrics {

    private final MeterRegistry meters;
    private final AtomicLong orphans;
    private final AtomicLong stuck;

    SagaMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.orphans = meters.gauge("saga.orphans", new AtomicLong());
        this.stuck = meters.gauge("saga.stuck", new AtomicLong());
    }

    /** After the commit. */
    void count(Turn turn) {
        turn.log().forEach(logged -> count(logged.event()));
        turn.ignored()
                .forEach((why, times) ->
                        meters.counter("saga.ignored", "why", lower(why)).increment(times));
    }

    private void count(SagaAdvanced event) {
        meters.counter("saga.transitions", "saga", event.saga(), "step", event.step(), "what", lower(event.what()))
                .increment();
        switch (event.phase()) {
            case COMPLETED, COMPENSATED ->
                meters.counter("saga.finished", "saga", event.saga(), "outcome", lower(event.phase()))
                        .increment();
            case RUNNING, UNDOING, STUCK -> {}
        }
    }

    void forgotten(int sagas) {
        meters.counter("saga.forgotten").increment(sagas);
    }

    void unknownSaga() {
        meters.counter("saga.ignored", "why", "unknown_saga").increment();
    }

    /** Open sagas that are overdue by more than two sweeps: must be 0 (rule 7). */
    void orphans(long count) {
        orphans.set(count);
    }

    void stuck(long count) {
        stuck.set(count);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
