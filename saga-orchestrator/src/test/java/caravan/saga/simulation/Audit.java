package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.saga.engine.SagaState;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What must hold at every moment; looked at when something becomes durable. */
final class Audit {

    private static final List<String> IN_ORDER = List.of(
            "order-placed",
            "reserve-stock",
            "charge-payment",
            "arrange-shipment",
            "approve-order",
            "send-confirmation");

    private static final Map<String, String> SERVICE_OF = Map.of(
            "order-placed", "order",
            "reserve-stock", "inventory",
            "charge-payment", "payment",
            "arrange-shipment", "shipment",
            "cancel-requested", "order");

    /** How long after a fault an undo may still have suffered from it. */
    private static final long AFTERMATH_MS = 15_000;

    private static final long OVERDUE_MS = 2 * Orchestrator.SWEEP_EVERY_MS + 5_000;

    private final World world;
    private final Set<MessageId> acted = new HashSet<>();
    private final Set<MessageId> standing = new HashSet<>();
    private final Set<MessageId> undone = new HashSet<>();
    private final Set<MessageId> byHand = new HashSet<>();
    private final Map<String, Received<?>> said = new HashMap<>();
    private final Map<String, String> idOf = new HashMap<>();
    private final Map<UUID, SagaAdvanced> last = new HashMap<>();
    private final Map<UUID, Long> atStepSinceMs = new HashMap<>();
    private boolean allIsOver;

    Audit(World world) {
        this.world = world;
    }

    /** Nothing may have an effect from here on. */
    void allIsOver() {
        allIsOver = true;
    }

    @SuppressWarnings("AnnotateFormatMethod") // nobody but the tests of this package calls it
    static Violation violated(Invariant invariant, String what, Object... about) {
        return new Violation(invariant, Names.in(what.formatted(about)));
    }

    private void refuseAfterTheEnd(Object what) {
        if (allIsOver) {
            throw violated(Invariant.FORGOTTEN, "a week later something happens: %s", what);
        }
    }

    /** An action took effect. */
    void acted(MessageId action) {
        refuseAfterTheEnd(action);
        if (!acted.add(action)) {
            throw violated(Invariant.ONCE, "%s took effect twice", action);
        }
        if (undone.contains(action) && !byHand.contains(action)) {
            throw violated(Invariant.LATE_ACTION, "%s took effect after its undo", action);
        }
        // What people have taken back they take back again when it comes all the same.
        if (!byHand.contains(action)) {
            standing.add(action);
        }
    }

    /** An undo was done, whether or not there was something to undo. */
    void undone(MessageId undo) {
        refuseAfterTheEnd(undo);
        MessageId action = undo.action();
        if (!undone.add(action) && !byHand.contains(action)) {
            throw violated(Invariant.ONCE, "%s was done twice", undo);
        }
        standing.remove(action);
        int position = IN_ORDER.indexOf(undo.step());
        for (String later : IN_ORDER.subList(position + 1, IN_ORDER.size())) {
            MessageId laterAction = new MessageId(undo.sagaId(), later, action.direction());
            if (position >= 0 && standing.contains(laterAction)) {
                throw violated(Invariant.UNDO_ORDER, "%s was done while %s stands", undo, laterAction);
            }
        }
    }

    /** People have taken it back, and look after what still comes. */
    void takenBack(MessageId action) {
        byHand.add(action);
        standing.remove(action);
    }

    Set<MessageId> takenBack() {
        return byHand;
    }

    /** A message was made. */
    void sent(Received<?> received) {
        if (!(received.message() instanceof Command)) {
            return;
        }
        String id = received.envelope().id();
        Received<?> before = said.putIfAbsent(id, received);
        if (before != null
                && !Arrays.equals(before.record().value(), received.record().value())) {
            throw violated(Invariant.SAME_COMMAND, "%s is another command than before", id);
        }
        String what = received.record().key() + ' ' + received.envelope().type();
        String idBefore = idOf.putIfAbsent(what, id);
        if (idBefore != null && !idBefore.equals(id)) {
            throw violated(Invariant.SAME_COMMAND, "%s was sent as %s and as %s", what, idBefore, id);
        }
    }

    /** A transition was committed. */
    void advanced(String who, SagaAdvanced event) {
        refuseAfterTheEnd(event);
        world.tell(
                "%s: %s %d: %s %s, now %s",
                who, event.sagaId(), event.sequence(), event.step(), event.what(), event.phase());
        SagaAdvanced before = last.put(event.sagaId(), event);
        if (event.what() == What.STARTED && before != null) {
            throw violated(Invariant.ONE_SAGA, "%s started twice", event.sagaId());
        }
        int expected = before == null ? 1 : before.sequence() + 1;
        if (event.sequence() != expected) {
            throw violated(Invariant.HISTORY, "%s: %d follows %d", event.sagaId(), event.sequence(), expected - 1);
        }
        if (before != null && (before.phase() == Phase.COMPLETED || before.phase() == Phase.COMPENSATED)) {
            throw violated(Invariant.HISTORY, "%s had ended, and goes on: %s", event.sagaId(), event.what());
        }
        world.count("transitions");
        switch (event.what()) {
            case STUCK -> refuseNeedless(event);
            case TIMED_OUT -> refuseImpatient(event);
            case RESENT, DEFERRED ->
                world.count(event.what() == What.RESENT ? "commands sent again" : "deferred steps");
            case STARTED, DONE, REJECTED, CANCELLED, UNDONE -> {}
        }
        if (event.what() != What.RESENT && event.what() != What.DEFERRED) {
            atStepSinceMs.put(event.sagaId(), world.nowMs());
        }
    }

    private void refuseImpatient(SagaAdvanced event) {
        world.count("steps given up");
        if (world.scenario().isCalm()) {
            throw violated(Invariant.NEEDLESSLY_GIVEN_UP, "%s gave up at %s", event.sagaId(), event.step());
        }
    }

    private void refuseNeedless(SagaAdvanced event) {
        world.count("stuck sagas");
        long from = atStepSinceMs.getOrDefault(event.sagaId(), 0L) - AFTERMATH_MS;
        String undo = event.sagaId() + ":" + event.step() + ":undo";
        String service = SERVICE_OF.getOrDefault(event.step(), "?");
        boolean harmed = List.of(service, "orchestrator", undo).stream()
                .anyMatch(whom -> world.wasWounded(whom, from, world.nowMs()));
        if (!harmed) {
            throw violated(Invariant.NEEDLESSLY_STUCK, "%s at %s", event.sagaId(), event.step());
        }
    }

    void buried(Received<?> received, RuntimeException why) {
        String cause = String.valueOf(why.getMessage());
        boolean meant = cause.equals(Plan.DEFECT)
                || (why instanceof PoisonException && (cause.equals(Plan.POISON) || cause.equals(Parcels.HAS_LEFT)))
                || allIsOver
                || !byHand.isEmpty()
                || isOnRecord(received);
        if (!meant) {
            throw violated(Invariant.NO_DEFECT, "%s: %s", received.envelope().id(), cause);
        }
    }

    /**
     * A process that stood still between looking into the inbox and its rows may find that the order has got on, and take the
     * command for an impossible one. It is on record: a replay is answered.
     */
    private boolean isOnRecord(Received<?> received) {
        boolean known = received.message() instanceof Command && acted.contains(received.commandId());
        world.count("dead letters that are on record", known ? 1 : 0);
        return known;
    }

    void stock(Stock stock, Map<String, Integer> putIn) {
        stock.shelves().forEach((sku, shelf) -> {
            boolean adds = shelf.onHand() + shelf.reserved() == putIn.getOrDefault(sku, 0);
            if (shelf.onHand() < 0 || shelf.reserved() != stock.reserved(sku) || !adds) {
                throw violated(
                        Invariant.STOCK,
                        "%s: %s, %d are reserved, %d were put in",
                        sku,
                        shelf,
                        stock.reserved(sku),
                        putIn.getOrDefault(sku, 0));
            }
        });
    }

    /** Nobody waits for what nobody looks at. */
    void open(Collection<SagaState<?>> sagas) {
        for (SagaState<?> saga : sagas) {
            if (saga.due() == null) {
                continue;
            }
            long due = World.msOf(saga.due());
            if (due + OVERDUE_MS < world.nowMs() && !world.wasWounded("orchestrator", due, world.nowMs())) {
                throw violated(
                        Invariant.NO_ORPHAN,
                        "%s, %s, is overdue for %d ms",
                        saga.id(),
                        saga.phase(),
                        world.nowMs() - due);
            }
        }
    }
}
