package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Envelope;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.saga.cancelorder.CancelOrderSaga;
import caravan.saga.engine.Definition;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Step;
import caravan.saga.engine.Undo;
import caravan.saga.placeorder.PlaceOrder;
import caravan.saga.placeorder.PlaceOrderSaga;
import caravan.saga.runtime.SimulatedSagas;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What leaves the orchestrator and comes back to it; here some planted bugs sit, without them it changes nothing. */
final class Wiring {

    private static final char AGAIN = '~';
    private static final Definition<PlaceOrder> PLACE_ORDER = PlaceOrderSaga.definition();

    private final World world;
    private final SimulatedSagas sagas;
    private int ids;

    Wiring(World world, SimulatedSagas sagas) {
        this.world = world;
        this.sagas = sagas;
    }

    /** @param timer whether a deadline caused it */
    List<Outgoing> sends(List<Outgoing> out, List<SagaAdvanced> events, boolean timer) {
        if (timer && world.has(Bug.NEW_ID_ON_RESEND)) {
            return out.stream().map(this::underNewId).toList();
        }
        if (world.has(Bug.UNDO_OUT_OF_ORDER)) {
            List<Outgoing> more = new ArrayList<>(out);
            events.forEach(event -> undoAllAtOnce(event, more));
            return more;
        }
        return out;
    }

    private Outgoing underNewId(Outgoing out) {
        if (out.topic().equals(Topics.SAGA_EVENTS)) {
            return out;
        }
        MessageId id = MessageId.parse(out.envelope().id()).orElseThrow();
        MessageId fresh = new MessageId(id.sagaId(), id.step() + AGAIN + ++ids, id.direction());
        return new Outgoing(out.topic(), out.key(), with(out.envelope(), fresh.toString()), out.body());
    }

    private static Envelope with(Envelope e, String id) {
        return new Envelope(id, e.type(), e.source(), e.subject(), e.time(), e.trace(), e.deadline());
    }

    private void undoAllAtOnce(SagaAdvanced event, List<Outgoing> out) {
        boolean turned = switch (event.what()) {
            case REJECTED, TIMED_OUT, CANCELLED -> event.saga().equals(PLACE_ORDER.name());
            case STARTED, DONE, DEFERRED, RESENT, UNDONE, STUCK -> false;
        };
        if (turned) {
            SagaState<?> state = Objects.requireNonNull(sagas.state(event.sagaId()));
            PlaceOrder data = (PlaceOrder) state.data();
            for (Step<PlaceOrder> step : PLACE_ORDER.steps()) {
                Undo<PlaceOrder> undo = step.undo();
                if (undo != null && !step.name().equals(state.phase().step())) {
                    Command command = undo.command().apply(data, Objects.requireNonNull(state.failure()));
                    MessageId id = new MessageId(event.sagaId(), step.name(), Direction.UNDO);
                    out.add(Outgoing.ofSaga(
                                    Topics.of(command),
                                    event.sagaId(),
                                    id.toString(),
                                    SimulatedSagas.SOURCE,
                                    TraceContext.NONE,
                                    command)
                            .at(world.now()));
                }
            }
        }
    }

    /** Replies to what went out under a new id are replies to the step. */
    List<Received<?>> answered(List<Received<?>> batch) {
        return world.has(Bug.NEW_ID_ON_RESEND)
                ? batch.stream().<Received<?>>map(Wiring::underOldId).toList()
                : batch;
    }

    private static Received<?> underOldId(Received<?> received) {
        String id = received.envelope().id().replaceAll(AGAIN + "[0-9]+", "");
        return new Received<>(with(received.envelope(), id), received.message(), received.record());
    }

    /** Whether this saga's undo of that step may be skipped: not where it says what became of the order itself. */
    static boolean canBeSkipped(String saga, String step) {
        Definition<?> definition = saga.equals(PLACE_ORDER.name()) ? PLACE_ORDER : CancelOrderSaga.definition();
        return definition.steps().stream().skip(1).anyMatch(s -> s.name().equals(step));
    }
}
