package caravan.saga.runtime;

import caravan.common.contract.Event;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.TraceContext;
import caravan.saga.engine.Decision;
import caravan.saga.engine.Definition;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Send;
import caravan.saga.engine.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One batch in memory: sagas as they were locked, signals applied to them one by one, and what is to be written and sent.
 * No I/O. Used once, by one thread.
 */
final class Turn {

    /**
     * A transition to be logged: {@code cause} is the id of the message, or the name of the timer, behind it. Where the saga
     * stood {@code before} it; a saga's first transition is from where it stands after it.
     */
    record Logged(SagaAdvanced event, String cause, Instance<?> before) {}

    /** A message that came before: the events it caused are sent again. */
    record Repeated(UUID sagaId, String cause, TraceContext trace) {}

    private final String source;
    private final Instant now;
    private final Map<UUID, Instance<?>> sagas;
    private final Set<UUID> started = new LinkedHashSet<>();
    private final Set<UUID> changed = new LinkedHashSet<>();
    private final List<Logged> log = new ArrayList<>();
    private final List<Outgoing> out = new ArrayList<>();
    private final List<Repeated> repeated = new ArrayList<>();
    private final Map<Ignored, Integer> ignored = new EnumMap<>(Ignored.class);

    Turn(String source, Instant now, Map<UUID, Instance<?>> locked) {
        this.source = source;
        this.now = now;
        this.sagas = new LinkedHashMap<>(locked);
    }

    Instant now() {
        return now;
    }

    @Nullable
    Instance<?> saga(UUID id) {
        return sagas.get(id);
    }

    /** Takes up a saga that nobody has yet. */
    <D> void start(Definition<D> definition, Decision<D> decision, String cause, TraceContext trace) {
        if (!(decision instanceof Decision.Advance<D> advance)) {
            throw new IllegalStateException("a saga did not start: " + cause);
        }
        started.add(advance.next().id());
        apply(new Instance<>(definition, advance.next(), trace, TraceContext.NONE), decision, cause, trace);
    }

    /** The message that started the saga came again: its first command too, if that is where the saga still stands. */
    void startAgain(Instance<?> saga, String cause, TraceContext trace) {
        SagaState<?> state = saga.state();
        repeated.add(new Repeated(state.id(), cause, trace));
        if (state.version() == 1) {
            saga.current().ifPresent(send -> out.add(command(state, send, trace)));
        }
    }

    /** A message to a saga that has ended came again, and only another build could say more about it. */
    void over(UUID saga, String cause, TraceContext trace) {
        repeated.add(new Repeated(saga, cause, trace));
    }

    /**
     * Applies what the engine decides, and gives it.
     *
     * @param trace the trace that the cause belongs to; commands continue it
     */
    Decision<?> signal(Instance<?> saga, Signal signal, String cause, TraceContext trace) {
        return decide(saga, signal, cause, trace);
    }

    private <D> Decision<D> decide(Instance<D> saga, Signal signal, String cause, TraceContext trace) {
        Decision<D> decision = saga.decide(signal, now);
        apply(saga, decision, cause, trace);
        return decision;
    }

    private <D> void apply(Instance<D> saga, Decision<D> decision, String cause, TraceContext trace) {
        switch (decision) {
            case Decision.Advance<D> advance -> {
                SagaState<D> next = advance.next();
                sagas.put(next.id(), saga.at(next, trace));
                changed.add(next.id());
                log.add(new Logged(advance.event(), cause, saga));
                advance.sends().forEach(send -> out.add(command(next, send, trace)));
                out.add(event(advance.event(), source, trace));
            }
            case Decision.Resend<D> resend -> {
                resend.sends().forEach(send -> out.add(command(saga.state(), send, trace)));
                repeated.add(new Repeated(saga.state().id(), cause, trace));
            }
            case Decision.Ignore<D> ignore -> {
                ignored.merge(ignore.why(), 1, Integer::sum);
                repeated.add(new Repeated(saga.state().id(), cause, trace));
            }
        }
    }

    private Outgoing command(SagaState<?> state, Send send, TraceContext trace) {
        Direction direction = switch (send.direction()) {
            case DO -> Direction.DO;
            case UNDO -> Direction.UNDO;
        };
        String id = new MessageId(state.id(), send.step(), direction).toString();
        Outgoing outgoing = Outgoing.ofSaga(Topics.of(send.command()), state.id(), id, source, trace, send.command());
        return state.due() == null ? outgoing : outgoing.within(state.due());
    }

    static Outgoing event(SagaAdvanced event, String source, TraceContext trace) {
        return Outgoing.of(
                Topics.SAGA_EVENTS,
                event.orderId().toString(),
                event.sagaId() + ":" + event.sequence(),
                source,
                trace,
                (Event) event);
    }

    /** The sagas to insert, in the state they have reached by now. */
    List<Instance<?>> started() {
        return started.stream().<Instance<?>>map(sagas::get).toList();
    }

    /** The sagas to update. */
    List<Instance<?>> changed() {
        return changed.stream()
                .filter(id -> !started.contains(id))
                .<Instance<?>>map(sagas::get)
                .toList();
    }

    List<Logged> log() {
        return log;
    }

    /** What to send once everything is committed. */
    List<Outgoing> out() {
        return out;
    }

    /** Sends events of earlier transitions once more, before everything else. */
    void again(List<SagaStore.Caused> caused) {
        out.addAll(
                0, caused.stream().map(c -> event(c.event(), source, c.trace())).toList());
    }

    List<Repeated> repeated() {
        return repeated;
    }

    Map<Ignored, Integer> ignored() {
        return ignored;
    }
}
