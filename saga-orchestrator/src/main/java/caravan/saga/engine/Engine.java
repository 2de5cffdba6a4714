package caravan.saga.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The one transition function. Pure: the same arguments give the same decision. */
public final class Engine {

    private Engine() {}

    /** A new saga in its first step; always an {@link Decision.Advance}. */
    public static <D> Decision<D> start(Definition<D> definition, UUID id, UUID orderId, D data, Instant now) {
        throw new UnsupportedOperationException("in work");
    }

    /** Throws {@link IllegalStateException} when the saga was not started with this definition. */
    public static <D> Decision<D> decide(Definition<D> definition, SagaState<D> state, Signal signal, Instant now) {
        throw new UnsupportedOperationException("in work");
    }

    /** The command the saga is waiting for, to be sent again under the same id; empty when it has ended. */
    public static <D> Optional<Send> current(Definition<D> definition, SagaState<D> state) {
        throw new UnsupportedOperationException("in work");
    }
}
