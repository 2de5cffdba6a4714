package caravan.gateway.session.family;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Collection;

/** Every meter of sessions under way. */
@Singleton
class FamilyMetrics {

    private final MeterRegistry meters;
    private final Counter pollFailures;
    private final Counter markFailures;
    private final Counter seenLost;

    FamilyMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.pollFailures = meters.counter("session.deny.poll.failures");
        this.markFailures = meters.counter("session.deny.mark.failures");
        this.seenLost = meters.counter("session.seen.lost");
    }

    void watch(Collection<?> denied) {
        meters.gaugeCollectionSize("session.denied", java.util.List.of(), denied);
    }

    void decided(Rotation rotation) {
        String outcome = switch (rotation) {
            case Rotation.Rotate _ -> "rotated";
            case Rotation.SameSuccessor _ -> "same-successor";
            case Rotation.Reuse _ -> "reuse";
            case Rotation.Invalid _ -> "invalid";
        };
        meters.counter("session.refreshes", "outcome", outcome).increment();
    }

    void revoked(RevokeReason reason) {
        meters.counter("session.revoked", "reason", reason.text()).increment();
    }

    void pollFailed() {
        pollFailures.increment();
    }

    void markFailed() {
        markFailures.increment();
    }

    void seenLost(int notes) {
        seenLost.increment(notes);
    }
}
