package caravan.saga.engine;

import caravan.common.contract.Failure;
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
 * @param due when the deadline passes, as the last Advance said; null when there is none, or when it was not loaded.
 *     With it, a deadline signal that comes too early and a deferral that comes twice are ignored; without it, the
 *     former is believed and the latter applied again
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

    public SagaState(
            UUID id,
            UUID orderId,
            String definition,
            String hash,
            Phase phase,
            D data,
            @Nullable Failure failure,
            int version,
            Instant startedAt) {
        this(id, orderId, definition, hash, phase, data, failure, version, startedAt, null);
    }

    SagaState<D> to(Phase next, @Nullable Instant nextDue) {
        return new SagaState<>(id, orderId, definition, hash, next, data, failure, version + 1, startedAt, nextDue);
    }

    SagaState<D> with(D nextData) {
        return new SagaState<>(id, orderId, definition, hash, phase, nextData, failure, version, startedAt, due);
    }

    SagaState<D> failed(Failure why) {
        return new SagaState<>(id, orderId, definition, hash, phase, data, why, version, startedAt, due);
    }

    /** Why it turned round, where it has. */
    Failure mustHaveFailed() {
        if (failure == null) {
            throw new IllegalStateException("saga " + id + " of order " + orderId + " undoes without a failure");
        }
        return failure;
    }
}
