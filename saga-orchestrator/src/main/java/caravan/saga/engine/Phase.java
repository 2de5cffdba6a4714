package caravan.saga.engine;

import caravan.common.contract.SagaAdvanced;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a saga stands. */
public sealed interface Phase {

    /**
     * Waits for a step's answer.
     *
     * @param attempt how often the command was sent, from 1; starts again with a deferral
     */
    record Running(String step, int attempt, Instant stepStartedAt) implements Phase {}

    /** Waits for the answer to a step's undo. */
    record Undoing(String step, int attempt, Instant stepStartedAt) implements Phase {}

    /** An undo gave no answer within its policy. Nothing is sent any more until somebody looks, or the answer comes. */
    record Stuck(String step, Instant since) implements Phase {}

    record Completed(Instant at) implements Phase {}

    record Compensated(Instant at) implements Phase {}

    /** The phase's name in events and tables. */
    default SagaAdvanced.Phase kind() {
        return switch (this) {
            case Running _ -> SagaAdvanced.Phase.RUNNING;
            case Undoing _ -> SagaAdvanced.Phase.UNDOING;
            case Stuck _ -> SagaAdvanced.Phase.STUCK;
            case Completed _ -> SagaAdvanced.Phase.COMPLETED;
            case Compensated _ -> SagaAdvanced.Phase.COMPENSATED;
        };
    }

    /** The step it is at; null when the saga has ended. */
    default @Nullable String step() {
        return switch (this) {
            case Running at -> at.step;
            case Undoing at -> at.step;
            case Stuck at -> at.step;
            case Completed _, Compensated _ -> null;
        };
    }
}
