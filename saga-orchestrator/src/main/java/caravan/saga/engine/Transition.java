package caravan.saga.engine;

import caravan.common.contract.Failure;
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.Deferred;
import caravan.common.contract.Reply.Done;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.Reply.Rejected;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.What;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import caravan.saga.engine.Signal.Answered;
import caravan.saga.engine.Signal.CancelRequested;
import caravan.saga.engine.Signal.Ordered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One decision in the making. */
record Transition<D>(Definition<D> definition, SagaState<D> state, Instant now) {

    /**
     * A deadline handled so late passed while nobody looked: the answer may lie unread in the topic. That is not the
     * participant's silence, so the saga asks once more before it gives up.
     */
    private static final Duration OVERSLEPT = Duration.ofMinutes(1);

    /** The customer reads this; why an operator did it is in the audit. */
    private static final String GIVEN_UP = "it took too long and was given up";

    Decision<D> answered(Answered answer) {
        Optional<Step<D>> step = definition.step(answer.step());
        if (step.isEmpty()) {
            return ignore(Ignored.UNKNOWN_STEP);
        }
        if (answer.reply() instanceof Refused) {
            return ignore(Ignored.REFUSED);
        }
        return switch (state.phase()) {
            case Running at -> answeredInRunning(at, step.get(), answer);
            case Undoing at -> answeredInUndoing(at.step(), step.get(), answer);
            case Stuck at -> answeredInUndoing(at.step(), step.get(), answer);
            case Completed _, Compensated _ -> ignore(Ignored.ENDED);
        };
    }

    Decision<D> deadlinePassed() {
        return switch (state.phase()) {
            case Running at -> now.isBefore(state.mustBeDue()) ? ignore(Ignored.NOT_DUE) : silence(at);
            case Undoing at -> now.isBefore(state.mustBeDue()) ? ignore(Ignored.NOT_DUE) : silence(at);
            case Stuck _ -> ignore(Ignored.NOT_DUE);
            case Completed _, Compensated _ -> ignore(Ignored.ENDED);
        };
    }

    Decision<D> cancelRequested(CancelRequested cancel) {
        return switch (state.phase()) {
            case Running at -> cancelled(definition.mustStep(at.step()), cancel);
            // The same undo again is harmless, also when the saga has come further since.
            case Undoing _ -> cancelledBefore() ? resend() : ignore(Ignored.TURNED_ROUND);
            case Stuck _ -> ignore(Ignored.TURNED_ROUND);
            case Completed _, Compensated _ -> ignore(Ignored.ENDED);
        };
    }

    Decision<D> ordered(Ordered order) {
        String at = state.phase().step();
        return at == null || at.equals(order.step()) ? ordered(order.verb()) : ignore(Ignored.ELSEWHERE);
    }

    private Decision<D> ordered(Verb verb) {
        return switch (state.phase()) {
            case Running at -> orderedInRunning(definition.mustStep(at.step()), verb);
            case Undoing at -> orderedInUndoing(definition.mustStep(at.step()), verb);
            case Stuck at -> orderedWhenStuck(definition.mustStep(at.step()), verb);
            case Completed _, Compensated _ -> ignore(Ignored.ENDED);
        };
    }

    private Decision<D> orderedInRunning(Step<D> step, Verb verb) {
        return switch (verb) {
            case RETRY -> advance(running(state, step), What.RESENT, step.name(), null);
            case COMPENSATE -> step.canGiveUp() ? unknown(step, GIVEN_UP) : ignore(Ignored.TOO_LATE);
            case SKIP -> ignore(Ignored.INDISPENSABLE);
            case RESUME -> ignore(Ignored.NOT_STUCK);
        };
    }

    private Decision<D> orderedInUndoing(Step<D> step, Verb verb) {
        return switch (verb) {
            case RETRY -> advance(undoing(state, step), What.RESENT, step.name(), null);
            case COMPENSATE -> ignore(Ignored.TURNED_ROUND);
            case SKIP -> skipped(step);
            case RESUME -> ignore(Ignored.NOT_STUCK);
        };
    }

    private Decision<D> orderedWhenStuck(Step<D> step, Verb verb) {
        return switch (verb) {
            case RETRY -> ignore(Ignored.STUCK);
            case COMPENSATE -> ignore(Ignored.TURNED_ROUND);
            case SKIP -> skipped(step);
            case RESUME -> advance(undoing(state, step), What.RESENT, step.name(), null);
        };
    }

    private Decision<D> skipped(Step<D> step) {
        return switch (step.kind()) {
            case COMPENSATABLE, PIVOT -> undone(step, null);
            case GIVEN -> ignore(Ignored.INDISPENSABLE);
            case RETRIABLE -> throw new IllegalStateException("saga " + state.id() + " undoes what has no undo");
        };
    }

    /** The step is under way: what becomes of it is unknown, so that its own undo comes first. */
    private Decision<D> cancelled(Step<D> step, CancelRequested cancel) {
        return switch (step.kind()) {
            case COMPENSATABLE -> {
                Failure failure = new Failure(Failure.CANCELLED, cancel.why());
                yield advance(undoing(state.failed(failure), step), What.CANCELLED, step.name(), null);
            }
            case PIVOT, RETRIABLE -> ignore(Ignored.TOO_LATE);
            case GIVEN -> throw new IllegalStateException("saga " + state.id() + " waits for what is given");
        };
    }

    private boolean cancelledBefore() {
        return state.mustHaveFailed().code().equals(Failure.CANCELLED);
    }

    private Decision<D> answeredInRunning(Running at, Step<D> step, Answered answer) {
        int ahead = definition.distance(definition.mustStep(at.step()), step);
        if (answer.direction() == Direction.UNDO || ahead > 0) {
            return ignore(Ignored.NOT_ASKED);
        }
        if (ahead < 0) {
            boolean ledHere = ahead == -1 && answer.reply() instanceof Done;
            return ledHere ? resend() : ignore(Ignored.LATE);
        }
        return switch (answer.reply()) {
            case Done done when step.mustAct().done().isInstance(done) -> done(step, done);
            case Rejected rejected when step.canBeRejected() -> rejected(step, rejected);
            case Deferred deferred -> deferred(at, step, deferred);
            case Done _, Rejected _, Refused _ -> ignore(Ignored.UNFIT);
        };
    }

    private Decision<D> answeredInUndoing(String undoing, Step<D> step, Answered answer) {
        int ahead = definition.distance(definition.mustStep(undoing), step);
        if (answer.direction() == Direction.DO) {
            return ahead == 1 && turnedRound(answer.reply()) ? resend() : ignore(Ignored.LATE);
        }
        if (ahead < 0) {
            return ignore(Ignored.NOT_ASKED);
        }
        if (ahead > 0) {
            boolean ledHere = ahead == 1 && answer.reply() instanceof Done;
            return ledHere ? resend() : ignore(Ignored.LATE);
        }
        return switch (answer.reply()) {
            case Done done when step.mustUndo().done().isInstance(done) -> undone(step, done);
            case Deferred deferred when state.phase() instanceof Undoing at -> deferred(at, step, deferred);
            case Done _, Rejected _, Deferred _, Refused _ -> ignore(Ignored.UNFIT);
        };
    }

    /** Whether this rejection is why the saga undoes; one that came after the saga had given up is not. */
    private boolean turnedRound(Reply reply) {
        return reply instanceof Rejected rejected && rejected.failure().equals(state.failure());
    }

    private Decision<D> done(Step<D> step, Done reply) {
        SagaState<D> folded = state.with(step.mustAct().fold().apply(state.data(), reply));
        SagaState<D> next = definition
                .after(step)
                .map(following -> running(folded, following))
                .orElseGet(() -> folded.to(new Completed(now), null));
        return advance(next, What.DONE, step.name(), reply);
    }

    /** What was rejected had no effect: only what stands before it is undone. */
    private Decision<D> rejected(Step<D> step, Rejected reply) {
        Step<D> last = definition.before(step).orElseThrow();
        return advance(undoing(state.failed(reply.failure()), last), What.REJECTED, step.name(), reply);
    }

    private Decision<D> undone(Step<D> step, @Nullable Done reply) {
        SagaState<D> next = definition
                .before(step)
                .map(earlier -> undoing(state, earlier))
                .orElseGet(() -> state.to(new Compensated(now), null));
        return advance(next, What.UNDONE, step.name(), reply);
    }

    private Decision<D> silence(Running at) {
        Step<D> step = definition.mustStep(at.step());
        Policy policy = step.mustAct().policy();
        Instant end = policy.end(at.stepStartedAt());
        boolean over = at.attempt() > policy.resends() || !now.isBefore(end);
        if (step.canGiveUp() && over && !overslept()) {
            long seconds = Duration.between(at.stepStartedAt(), now).toSeconds();
            return unknown(step, "%s gave no answer within %d seconds".formatted(step.name(), seconds));
        }
        int attempt = at.attempt() + 1;
        Instant due = policy.due(state.id(), step.name(), attempt, now);
        Instant bounded = step.canGiveUp() && now.isBefore(end) ? earlier(due, end) : due;
        Running again = new Running(step.name(), attempt, at.stepStartedAt());
        return advance(state.to(again, bounded), What.RESENT, step.name(), null);
    }

    /** Unknown is not failed: the step may have happened, so that its own undo comes first. */
    private Decision<D> unknown(Step<D> step, String why) {
        Failure failure = new Failure(Failure.TIMED_OUT, why);
        return advance(undoing(state.failed(failure), step), What.TIMED_OUT, step.name(), null);
    }

    private Decision<D> silence(Undoing at) {
        Step<D> step = definition.mustStep(at.step());
        Policy policy = step.mustUndo().policy();
        if (at.attempt() > policy.resends() && !overslept()) {
            return advance(state.to(new Stuck(step.name(), now), null), What.STUCK, step.name(), null);
        }
        int attempt = at.attempt() + 1;
        Undoing again = new Undoing(step.name(), attempt, at.stepStartedAt());
        Instant due = policy.due(state.id(), step.name(), attempt, now);
        return advance(state.to(again, due), What.RESENT, step.name(), null);
    }

    private boolean overslept() {
        return now.isAfter(state.mustBeDue().plus(OVERSLEPT));
    }

    private Decision<D> deferred(Running at, Step<D> step, Deferred reply) {
        Policy policy = step.mustAct().policy();
        Instant limit = policy.end(step.canGiveUp() ? at.stepStartedAt() : now);
        return deferred(new Running(step.name(), 1, at.stepStartedAt()), at.attempt(), policy, reply, limit);
    }

    /** How often an undo is put off is not bounded: its participant is alive, and giving up would help nobody. */
    private Decision<D> deferred(Undoing at, Step<D> step, Deferred reply) {
        Policy policy = step.mustUndo().policy();
        return deferred(new Undoing(step.name(), 1, at.stepStartedAt()), at.attempt(), policy, reply, policy.end(now));
    }

    /** Waits for as long as the participant asks, and then for its answer, but not beyond the limit. */
    private Decision<D> deferred(Phase next, int attempt, Policy policy, Deferred reply, Instant limit) {
        String step = state.mustBeAt();
        Instant until = earlier(reply.until(), limit);
        Instant asked = earlier(policy.due(state.id(), step, 1, until), limit);
        if (!asked.isAfter(now)) {
            return ignore(Ignored.LATE);
        }
        Instant before = state.mustBeDue();
        if (attempt == 1 && !asked.isAfter(before)) {
            return ignore(Ignored.ALREADY_DEFERRED);
        }
        Instant due = asked.isAfter(before) ? asked : before;
        return advance(state.to(next, due), What.DEFERRED, step, reply);
    }

    private SagaState<D> running(SagaState<D> from, Step<D> step) {
        Instant due = step.mustAct().policy().due(from.id(), step.name(), 1, now);
        return from.to(new Running(step.name(), 1, now), due);
    }

    private SagaState<D> undoing(SagaState<D> from, Step<D> step) {
        Instant due = step.mustUndo().policy().due(from.id(), step.name(), 1, now);
        return from.to(new Undoing(step.name(), 1, now), due);
    }

    Decision<D> advance(SagaState<D> next, What what, String step, @Nullable Reply reply) {
        List<Send> sends = switch (what) {
            case DEFERRED, STUCK -> List.of();
            case STARTED, DONE, REJECTED, TIMED_OUT, CANCELLED, RESENT, UNDONE ->
                Engine.current(definition, next).stream().toList();
        };
        SagaAdvanced event = new SagaAdvanced(
                next.id(),
                next.definition(),
                next.orderId(),
                next.version(),
                now,
                step,
                what,
                next.phase().kind(),
                next.failure(),
                reply);
        return new Decision.Advance<>(next, sends, event, Optional.ofNullable(next.due()));
    }

    private Decision<D> resend() {
        return new Decision.Resend<>(Engine.current(definition, state).stream().toList());
    }

    private static <D> Decision<D> ignore(Ignored why) {
        return new Decision.Ignore<>(why);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
