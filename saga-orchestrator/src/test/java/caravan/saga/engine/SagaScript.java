package caravan.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Command;
import caravan.common.contract.Failure;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.What;
import caravan.saga.engine.Decision.Advance;
import caravan.saga.engine.Decision.Ignore;
import caravan.saga.engine.Decision.Resend;
import caravan.saga.engine.Signal.Answered;
import caravan.saga.engine.Signal.DeadlinePassed;
import caravan.saga.engine.Signal.Ordered;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One saga, told as a script: what happens, and what it does then. */
public final class SagaScript<D> {

    private static final Instant BEGINNING = Instant.parse("2026-03-01T12:00:00Z");

    private final Definition<D> definition;
    private final UUID orderId;
    private Instant now = BEGINNING;
    private Decision<D> decision;
    private SagaState<D> state;

    private SagaScript(Definition<D> definition, UUID sagaId, UUID orderId, D data) {
        this.definition = definition;
        this.orderId = orderId;
        Advance<D> start = (Advance<D>) Engine.start(definition, sagaId, orderId, data, now);
        this.decision = start;
        this.state = start.next();
        check(start, 0);
    }

    public static <D> SagaScript<D> starts(Definition<D> definition, UUID orderId, D data) {
        return new SagaScript<>(definition, UUID.fromString("018f0000-0000-7000-8000-000000000001"), orderId, data);
    }

    public SagaScript<D> does(String step, Reply reply) {
        return on(new Answered(step, Direction.DO, reply));
    }

    public SagaScript<D> undoes(String step, Reply reply) {
        return on(new Answered(step, Direction.UNDO, reply));
    }

    /** Nothing comes until the due time. */
    public SagaScript<D> deadline() {
        now = due();
        return on(new DeadlinePassed());
    }

    /** Nothing comes at all: as many tries as the policy has, then the last one's deadline. */
    public SagaScript<D> silence(int resends) {
        for (int i = 0; i < resends; i++) {
            deadline().says(What.RESENT);
        }
        return deadline();
    }

    /** By an operator who sees where it stands. */
    public SagaScript<D> ordered(Verb verb) {
        return on(new Ordered(verb, state.mustBeAt()));
    }

    public SagaScript<D> passes(Duration time) {
        now = now.plus(time);
        return this;
    }

    public SagaScript<D> on(Signal signal) {
        decision = Engine.decide(definition, state, signal, now);
        if (decision instanceof Advance<D> advance) {
            int before = state.version();
            state = advance.next();
            check(advance, before);
        }
        return this;
    }

    public SagaScript<D> sends(Command command) {
        assertThat(advance().sends()).extracting(Send::command).containsExactly(command);
        assertThat(Engine.current(definition, state)).contains(advance().sends().getFirst());
        return this;
    }

    public SagaScript<D> sendsNothing() {
        assertThat(advance().sends()).isEmpty();
        return this;
    }

    public SagaScript<D> resends(Command command) {
        assertThat(decision).isInstanceOf(Resend.class);
        assertThat(((Resend<D>) decision).sends()).extracting(Send::command).containsExactly(command);
        return this;
    }

    public SagaScript<D> ignores(Ignored why) {
        assertThat(decision).isEqualTo(new Ignore<>(why));
        return this;
    }

    public SagaScript<D> says(What what) {
        assertThat(event().what()).isEqualTo(what);
        return this;
    }

    public SagaScript<D> is(SagaAdvanced.Phase phase) {
        assertThat(state.phase().kind()).isEqualTo(phase);
        return this;
    }

    public SagaScript<D> failsWith(String code) {
        assertThat(failure().code()).isEqualTo(code);
        return this;
    }

    /** The wait that the last transition began, within its jitter. */
    public SagaScript<D> waits(Duration atLeast) {
        assertThat(Duration.between(now, due()))
                .isBetween(atLeast, atLeast.multipliedBy(6).dividedBy(5));
        return this;
    }

    public SagaAdvanced event() {
        return advance().event();
    }

    public Failure failure() {
        return state.mustHaveFailed();
    }

    public SagaState<D> state() {
        return state;
    }

    public Instant now() {
        return now;
    }

    public Instant due() {
        return state.mustBeDue();
    }

    private Advance<D> advance() {
        assertThat(decision).isInstanceOf(Advance.class);
        return (Advance<D>) decision;
    }

    /** What holds for every transition. */
    private void check(Advance<D> advance, int versionBefore) {
        SagaState<D> next = advance.next();
        SagaAdvanced event = advance.event();
        assertThat(next.version()).isEqualTo(versionBefore + 1);
        assertThat(event.sequence()).isEqualTo(next.version());
        assertThat(event.phase()).isEqualTo(next.phase().kind());
        assertThat(event.failure()).isEqualTo(next.failure());
        assertThat(event.at()).isEqualTo(now);
        assertThat(List.of(event.sagaId(), event.orderId(), event.saga()))
                .isEqualTo(List.of(next.id(), orderId, definition.name()));
        assertThat(advance.due()).isEqualTo(Optional.ofNullable(next.due()));
        advance.due().ifPresent(due -> assertThat(due).isAfter(now));
    }
}
