package caravan.saga.engine;

import caravan.common.contract.Failure;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One saga between two signals.
 *
 * @param definition the definition's name
 * @param hash the definition's hash when the saga started
 * @param failure why it turned round; null before that
 * @param version 1 after the start, one more with every {@link Decision.Advance}
 * @param due when the deadline passes; null when the saga has ended or is stuck. It is part of the state so that a
 *     deadline signal that comes too early, and a deferral that comes twice, can be told from true ones
 */
public record SagaState<D>(
        UUID id,
        UUID orderId,
        String definition,
        String hash,
        Phase phase,
        D data,
        @Nullable Failure failure,
        int version,
        Instant startedAt,
        @Nullable Instant due) {

    /** Rule 7: a saga without an end has a due time, unless it is stuck. */
    public SagaState {
        boolean waits = switch (phase) {
            case Running _, Undoing _ -> true;
            case Stuck _, Completed _, Compensated _ -> false;
        };
        if (waits != (due != null)) {
            throw new IllegalStateException(
                    "saga %s of order %s is %s and due %s".formatted(id, orderId, phase.kind(), due));
        }
    }

    SagaState<D> to(Phase next, @Nullable Instant nextDue) {
        return new SagaState<>(id, orderId, definition, hash, next, data, failure, version + 1, startedAt, nextDue);
    }

    /** Its data only: becomes a state of its own with {@link #to}. */
    SagaState<D> with(D nextData) {
        return new SagaState<>(id, orderId, definition, hash, phase, nextData, failure, version, startedAt, due);
    }

    SagaState<D> failed(Failure why) {
        return new SagaState<>(id, orderId, definition, hash, phase, data, why, version, startedAt, due);
    }

    String mustBeAt() {
        String step = phase.step();
        if (step == null) {
            throw new IllegalStateException("saga " + id + " of order " + orderId + " has ended");
        }
        return step;
    }

    Instant mustBeDue() {
        if (due == null) {
            throw new IllegalStateException("saga " + id + " of order " + orderId + " has no due time");
        }
        return due;
    }

    /** Why it turned round, where it has. */
    Failure mustHaveFailed() {
        if (failure == null) {
            throw new IllegalStateException("saga " + id + " of order " + orderId + " undoes without a failure");
        }
        return failure;
    }
}
