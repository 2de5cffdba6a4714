package caravan.saga.runtime;

import caravan.common.messaging.TraceContext;
import caravan.saga.engine.Decision;
import caravan.saga.engine.Definition;
import caravan.saga.engine.Engine;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Send;
import caravan.saga.engine.Signal;
import java.time.Instant;
import java.util.Optional;

/** A saga together with its definition. {@code trace} is where the order's trace began. */
record Instance<D>(Definition<D> definition, SagaState<D> state, TraceContext trace) {

    Decision<D> decide(Signal signal, Instant now) {
        return Engine.decide(definition, state, signal, now);
    }

    Optional<Send> current() {
        return Engine.current(definition, state);
    }

    Instance<D> at(SagaState<D> next) {
        return new Instance<>(definition, next, trace);
    }
}
