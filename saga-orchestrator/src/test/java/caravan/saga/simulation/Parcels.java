package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.Reply.AddressUndeliverable;
import caravan.common.contract.Reply.AlreadyDispatched;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.Reply.ShipmentCancelled;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.messaging.Answer;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.saga.simulation.Scenario.Pace;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shipment: one parcel an order, which the carrier takes an hour after it was arranged. */
final class Parcels implements Books {

    static final String ABROAD = "XX";
    static final String HAS_LEFT = "the parcel has left and cannot be undone";

    private static final long DISPATCH_AFTER_MS = 3_600_000;

    /** In the hasty pace an undo, too, must be able to come when the parcel has left. */
    private static final long HASTY_DISPATCH_AFTER_MS = 4_000;

    enum State {
        ARRANGED,
        CANCELLED,
        DISPATCHED
    }

    record Parcel(State state, Instant since) {}

    private final World world;
    private final Effects effects;
    private final long dispatchAfterMs;
    private Map<UUID, Parcel> parcels = new HashMap<>();

    Parcels(World world, Effects effects) {
        this.world = world;
        this.effects = effects;
        this.dispatchAfterMs = world.scenario().pace() == Pace.HASTY ? HASTY_DISPATCH_AFTER_MS : DISPATCH_AFTER_MS;
    }

    @Override
    public Answer act(Received<Command> command) {
        return switch ((ShipmentCommand) command.message()) {
            case ArrangeShipment arrange -> arrange(command.commandId(), arrange);
            case CancelShipment cancel -> {
                Parcel parcel = parcels.get(cancel.orderId());
                if (parcel != null && parcel.state() == State.DISPATCHED) {
                    yield Answer.now(new AlreadyDispatched(parcel.since()));
                }
                cancel(cancel.orderId());
                effects.acted(command.commandId());
                yield Answer.now(new ShipmentCancelled());
            }
        };
    }

    @Override
    public Answer undo(Received<Command> command) {
        UUID orderId = command.message().orderId();
        Parcel parcel = parcels.get(orderId);
        if (parcel != null && parcel.state() == State.DISPATCHED) {
            world.count("undos that met a parcel on its way");
            throw new PoisonException(HAS_LEFT);
        }
        cancel(orderId);
        effects.undone(command.commandId());
        return Answer.now(new ShipmentCancelled());
    }

    private Answer arrange(MessageId id, ArrangeShipment arrange) {
        if (arrange.address().country().equals(ABROAD)) {
            return Answer.now(new AddressUndeliverable(ABROAD));
        }
        UUID orderId = arrange.orderId();
        if (parcels.containsKey(orderId)) {
            throw new IllegalStateException("duplicate key: shipments_order_id_key " + orderId);
        }
        parcels.put(orderId, new Parcel(State.ARRANGED, world.now()));
        world.in(dispatchAfterMs, () -> dispatch(orderId));
        effects.acted(id);
        return Answer.now(new ShipmentArranged(orderId, "carrier", "T" + orderId));
    }

    private void dispatch(UUID orderId) {
        Parcel parcel = parcels.get(orderId);
        if (parcel != null && parcel.state() == State.ARRANGED) {
            world.tell("the carrier takes the parcel of %s", orderId);
            parcels.put(orderId, new Parcel(State.DISPATCHED, world.now()));
        }
    }

    private void cancel(UUID orderId) {
        parcels.computeIfPresent(orderId, (_, parcel) -> new Parcel(State.CANCELLED, parcel.since()));
    }

    /** By hand: wherever it is, somebody brings it back. */
    void bringBack(UUID orderId) {
        cancel(orderId);
    }

    @Nullable
    State state(UUID orderId) {
        Parcel parcel = parcels.get(orderId);
        return parcel == null ? null : parcel.state();
    }

    boolean isUnderWay(UUID orderId) {
        State state = state(orderId);
        return state == State.ARRANGED || state == State.DISPATCHED;
    }

    @Override
    public Runnable remembered() {
        Map<UUID, Parcel> then = new HashMap<>(parcels);
        return () -> parcels = then;
    }
}
