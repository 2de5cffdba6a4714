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

/**
 * A saga together with its definition.
 *
 * @param trace where the saga began in the order's trace
 * @param sent in what work its current command was sent; none where nobody records the order
 */
record Instance<D>(Definition<D> definition, SagaState<D> state, TraceContext trace, TraceContext sent) {

    Decision<D> decide(Signal signal, Instant now) {
        return Engine.decide(definition, state, signal, now);
    }

    Optional<Send> current() {
        return Engine.current(definition, state);
    }

    Instance<D> at(SagaState<D> next, TraceContext work) {
        return new Instance<>(definition, next, trace, work.isSampled() ? work : TraceContext.NONE);
    }
}
