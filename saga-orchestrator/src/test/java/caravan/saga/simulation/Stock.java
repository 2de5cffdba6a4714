package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.InventoryCommand;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Reply.StockReleased;
import caravan.common.contract.Reply.StockReserved;
import caravan.common.contract.Reply.StockUnavailable;
import caravan.common.messaging.Answer;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/** Inventory: shelves that all orders share, and reservations. */
final class Stock implements Books {

    record Shelf(int onHand, int reserved) {
        Shelf taken(int pieces) {
            return new Shelf(onHand - pieces, reserved + pieces);
        }
    }

    record Reservation(UUID orderId, String sku, int pieces, boolean released) {
        Reservation over() {
            return new Reservation(orderId, sku, pieces, true);
        }
    }

    private final Effects effects;
    private final boolean releasesAgain;
    private final boolean readsReplica;
    private Map<String, Shelf> shelves = new TreeMap<>();
    private List<Reservation> reservations = new ArrayList<>();
    /** As it was before this batch, and before the one before. */
    private Map<String, Shelf> before;

    private Map<String, Shelf> replica;

    /**
     * @param releasesAgain a planted bug: what is released already is given back again
     * @param readsReplica another: what is on hand is read where the last batch has not arrived yet
     */
    Stock(Map<String, Integer> putIn, Effects effects, boolean releasesAgain, boolean readsReplica) {
        putIn.forEach((sku, pieces) -> shelves.put(sku, new Shelf(pieces, 0)));
        this.effects = effects;
        this.releasesAgain = releasesAgain;
        this.readsReplica = readsReplica;
        this.before = new TreeMap<>(shelves);
        this.replica = before;
    }

    @Override
    public Answer act(Received<Command> command) {
        return switch ((InventoryCommand) command.message()) {
            case ReserveStock reserve -> reserve(command.commandId(), reserve);
            case ReleaseStock release -> {
                release(release.orderId());
                effects.acted(command.commandId());
                yield Answer.now(new StockReleased());
            }
        };
    }

    @Override
    public Answer undo(Received<Command> command) {
        release(command.message().orderId());
        effects.undone(command.commandId());
        return Answer.now(new StockReleased());
    }

    private Answer reserve(MessageId id, ReserveStock order) {
        Map<String, Shelf> seen = readsReplica ? replica : shelves;
        for (Line line : order.lines()) {
            int onHand = Objects.requireNonNull(seen.get(line.sku())).onHand();
            if (line.quantity() > onHand) {
                return Answer.now(new StockUnavailable(line.sku(), line.quantity(), onHand));
            }
        }
        for (Line line : order.lines()) {
            shelves.compute(line.sku(), (_, shelf) -> shelf.taken(line.quantity()));
            reservations.add(new Reservation(order.orderId(), line.sku(), line.quantity(), false));
        }
        effects.acted(id);
        return Answer.now(new StockReserved());
    }

    /** Also by hand. */
    void release(UUID orderId) {
        reservations.replaceAll(reservation -> {
            if (!reservation.orderId().equals(orderId) || (reservation.released() && !releasesAgain)) {
                return reservation;
            }
            shelves.compute(reservation.sku(), (_, shelf) -> shelf.taken(-reservation.pieces()));
            return reservation.over();
        });
    }

    Map<String, Shelf> shelves() {
        return shelves;
    }

    int reserved(String sku) {
        return reservations.stream()
                .filter(r -> r.sku().equals(sku) && !r.released())
                .mapToInt(Reservation::pieces)
                .sum();
    }

    boolean holdsFor(UUID orderId) {
        return reservations.stream().anyMatch(r -> r.orderId().equals(orderId) && !r.released());
    }

    @Override
    public Runnable remembered() {
        Map<String, Shelf> shelvesThen = new TreeMap<>(shelves);
        List<Reservation> reservationsThen = new ArrayList<>(reservations);
        replica = before;
        before = shelvesThen;
        return () -> {
            shelves = shelvesThen;
            reservations = reservationsThen;
        };
    }
}
