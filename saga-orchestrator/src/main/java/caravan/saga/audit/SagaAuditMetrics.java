package caravan.saga.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;

/** What kept the audit from judging. None of it is a violation. */
@Singleton
class SagaAuditMetrics {

    private final Map<Participant, Counter> unanswered = new EnumMap<>(Participant.class);
    private final Counter skipped;

    SagaAuditMetrics(MeterRegistry meters) {
        for (Participant participant : Participant.values()) {
            unanswered.put(participant, meters.counter("audit.unanswered", "service", participant.service()));
        }
        this.skipped = meters.counter("audit.skipped");
    }

    /** A participant did not tell what it holds. */
    void unanswered(Participant participant) {
        Counter counter = unanswered.get(participant);
        if (counter != null) {
            counter.increment();
        }
    }

    /** Sagas that nobody will judge. */
    void skipped(long sagas) {
        skipped.increment((double) sagas);
    }
}
