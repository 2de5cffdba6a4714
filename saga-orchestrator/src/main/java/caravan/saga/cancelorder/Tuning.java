package caravan.saga.cancelorder;

import caravan.saga.engine.Policy;
import java.time.Duration;

/**
 * The durations of the saga; running sagas follow when they change.
 *
 * @param answer the wait for a participant's first answer
 * @param undo the same for the undo
 * @param backoffCap the longest wait between two tries
 */
public record Tuning(Duration answer, Duration undo, Duration backoffCap) {

    /** With the standard durations about seven minutes: longer than a participant's restart or a failover takes. */
    private static final int UNDO_RESENDS = 8;

    public static Tuning standard() {
        return new Tuning(
                // Cheap to ask again, and the customer is waiting for it.
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                // A participant that comes back is noticed within a minute.
                Duration.ofSeconds(60));
    }

    Policy insisting() {
        return Policy.forever(answer, backoffCap);
    }

    Policy undoing() {
        return Policy.of(undo, UNDO_RESENDS, backoffCap);
    }
}
