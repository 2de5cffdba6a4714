package caravan.saga.engine;

import caravan.common.contract.SagaAdvanced.What;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import caravan.saga.engine.Signal.Answered;
import caravan.saga.engine.Signal.CancelRequested;
import caravan.saga.engine.Signal.DeadlinePassed;
import caravan.saga.engine.Signal.Ordered;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The one transition function. Pure: the same arguments give the same decision. All due times are whole milliseconds,
 * so that a store with coarser times than {@link Instant} keeps them.
 */
public final class Engine {

    private Engine() {}

    /** A new saga in its first step; always an {@link Decision.Advance}. */
    public static <D> Decision<D> start(Definition<D> definition, UUID id, UUID orderId, D data, Instant now) {
        Step<D> first = definition.after(definition.given()).orElseThrow();
        SagaState<D> state = new SagaState<>(
                id,
                orderId,
                definition.name(),
                definition.hash(),
                new Running(first.name(), 1, now),
                data,
                null,
                1,
                now,
                first.mustAct().policy().due(id, first.name(), 1, now));
        return new Transition<>(definition, state, now)
                .advance(state, What.STARTED, definition.given().name(), null);
    }

    /** Throws {@link IllegalStateException} when the saga was not started with this definition. */
    public static <D> Decision<D> decide(Definition<D> definition, SagaState<D> state, Signal signal, Instant now) {
        refuseForeign(definition, state);
        Transition<D> transition = new Transition<>(definition, state, now);
        return switch (signal) {
            case Answered answer -> transition.answered(answer);
            case DeadlinePassed _ -> transition.deadlinePassed();
            case CancelRequested cancel -> transition.cancelRequested(cancel);
            case Ordered order -> transition.ordered(order);
        };
    }

    /** The command the saga is waiting for, to be sent again under the same id; empty when it has ended. */
    public static <D> Optional<Send> current(Definition<D> definition, SagaState<D> state) {
        refuseForeign(definition, state);
        return switch (state.phase()) {
            case Running at -> Optional.of(action(definition.mustStep(at.step()), state, at.attempt()));
            case Undoing at -> Optional.of(undo(definition.mustStep(at.step()), state, at.attempt()));
            case Stuck at -> {
                Step<D> step = definition.mustStep(at.step());
                yield Optional.of(undo(step, state, step.mustUndo().policy().resends() + 1));
            }
            case Completed _, Compensated _ -> Optional.empty();
        };
    }

    private static <D> Send action(Step<D> step, SagaState<D> state, int attempt) {
        return new Send(
                step.name(), Direction.DO, attempt, step.mustAct().command().apply(state.data()));
    }

    private static <D> Send undo(Step<D> step, SagaState<D> state, int attempt) {
        return new Send(
                step.name(),
                Direction.UNDO,
                attempt,
                step.mustUndo().command().apply(state.data(), state.mustHaveFailed()));
    }

    /** Rule 9: a saga ends with the definition it started with. */
    private static void refuseForeign(Definition<?> definition, SagaState<?> state) {
        if (!definition.name().equals(state.definition()) || !definition.hash().equals(state.hash())) {
            throw new IllegalStateException("saga %s of order %s belongs to definition %s %s, not to %s %s"
                    .formatted(
                            state.id(),
                            state.orderId(),
                            state.definition(),
                            state.hash(),
                            definition.name(),
                            definition.hash()));
        }
        String step = state.phase().step();
        if (step != null && definition.step(step).isEmpty()) {
            throw new IllegalStateException("saga %s of order %s is at step %s, which definition %s lacks"
                    .formatted(state.id(), state.orderId(), step, definition.name()));
        }
    }
}
