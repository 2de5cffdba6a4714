package caravan.saga.placeorder;

import caravan.saga.engine.Policy;
import java.time.Duration;

/**
 * The durations of the saga; running sagas follow when they change.
 *
 * @param answer the wait for a participant's first answer
 * @param finish the same for what is left to do after the pivot
 * @param undo the same for an undo
 * @param backoffCap the longest wait between two tries
 * @param paymentBudget how long a charge may take, queueing included
 */
public record Tuning(Duration answer, Duration finish, Duration undo, Duration backoffCap, Duration paymentBudget) {

    /** A charge that is lost four times, or a reservation, is not lost by chance: undo. */
    private static final int RESENDS = 3;

    /** With the standard durations about seven minutes: longer than a participant's restart or a failover takes. */
    private static final int UNDO_RESENDS = 8;

    public static Tuning standard() {
        return new Tuning(
                // A participant answers within a second; ten leave room for a rebalance of its consumer group.
                Duration.ofSeconds(10),
                // Cheap to ask again, and the customer is waiting for it.
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                // A participant that comes back is noticed within a minute.
                Duration.ofSeconds(60),
                // The card network's breaker re-tries every 30 s; nobody should wait longer for a yes or no.
                Duration.ofMinutes(15));
    }

    Policy action() {
        return Policy.of(answer, RESENDS, backoffCap);
    }

    Policy charge() {
        return action().withBudget(paymentBudget);
    }

    Policy last() {
        return Policy.forever(finish, backoffCap);
    }

    Policy undoing() {
        return Policy.of(undo, UNDO_RESENDS, backoffCap);
    }
}
