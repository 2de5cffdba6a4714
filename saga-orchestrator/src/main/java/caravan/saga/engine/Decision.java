package caravan.saga.engine;

import caravan.common.contract.SagaAdvanced;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the engine makes of a signal. */
public sealed interface Decision<D> {

    /**
     * The saga moves on; all of it is durable before the signal is acknowledged.
     *
     * @param event its sequence is the next state's version
     * @param due when to signal the deadline, the same as in {@code next}; empty when the saga has ended or is stuck
     */
    record Advance<D>(SagaState<D> next, List<Send> sends, SagaAdvanced event, Optional<Instant> due)
            implements Decision<D> {}

    /** The reply that brought the saga here came again: send what it had caused again; the state stays. */
    record Resend<D>(List<Send> sends) implements Decision<D> {}

    /** The signal does not fit: count it, nothing else. */
    record Ignore<D>(Ignored why) implements Decision<D> {}
}
