package caravan.saga.simulation;

import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Verb;
import caravan.saga.runtime.SimulatedSagas;
import caravan.saga.simulation.Happening.Operated;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** People: they give orders while things go wrong, and repair what is left when they do not any more. */
final class Operators {

    private static final long LOOK_EVERY_MS = 60_000;
    private static final int MOST_LOOKS = 120;

    private final World world;
    private final Log log;
    private final Audit audit;
    private final Orchestrator orchestrator;
    private final Stock stock;
    private final Payments payments;
    private final Parcels parcels;
    private final Map<String, Integer> resumed = new HashMap<>();
    private final int mostResumes;

    Operators(
            World world,
            Log log,
            Audit audit,
            Orchestrator orchestrator,
            Stock stock,
            Payments payments,
            Parcels parcels) {
        this.world = world;
        this.log = log;
        this.audit = audit;
        this.orchestrator = orchestrator;
        this.stock = stock;
        this.payments = payments;
        this.parcels = parcels;
        // Some try again before they take it in hand, some do not.
        this.mostResumes = Math.floorMod(world.scenario().seed(), 3);
    }

    void replay() {
        if (log.deadLetters() > 0) {
            world.tell("an operator replays %d dead letters", log.deadLetters());
            log.replayAll();
        }
    }

    /** To the saga as it stands when it is seen. */
    void order(Operated wish) {
        UUID id = wish.cancelling() ? Names.cancelling(wish.order()) : Names.order(wish.order());
        SagaState<?> saga = orchestrator.state(id);
        String step = saga == null ? null : saga.phase().step();
        if (saga == null || step == null) {
            return;
        }
        if (wish.verb() == Verb.SKIP) {
            skip(saga, step);
        } else {
            orchestrator.order(id, wish.verb(), step);
        }
    }

    /** Only what people can take back themselves, which they do first. */
    private void skip(SagaState<?> saga, String step) {
        boolean undoes = saga.phase() instanceof Undoing || saga.phase() instanceof Stuck;
        if (undoes && Wiring.canBeSkipped(saga.definition(), step)) {
            MessageId action = new MessageId(saga.id(), step, Direction.DO);
            if (orchestrator.order(saga.id(), Verb.SKIP, step)) {
                audit.takenBack(action);
                takeBack(action);
            }
        }
    }

    private void takeBack(MessageId action) {
        world.tell("an operator takes %s back by hand", action);
        switch (action.step()) {
            case "reserve-stock" -> stock.release(action.sagaId());
            case "charge-payment" -> payments.giveBack(action.sagaId());
            case "arrange-shipment" -> parcels.bringBack(action.sagaId());
            default -> throw new IllegalStateException("nobody can take back " + action);
        }
    }

    /** Replays and resumes until everything has ended, and looks after what was taken back by hand. */
    void repair(SimulatedSagas sagas, OrderBook book) {
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            world.runUntil(world.nowMs() + LOOK_EVERY_MS);
            audit.open(sagas.states());
            boolean quiet = log.deadLetters() == 0 || looks > MOST_LOOKS / 2;
            replay();
            boolean ended = sagas.states().stream().allMatch(this::isEnded);
            if (quiet && ended && book.orders().stream().noneMatch(OrderBook.Order::waitsForCancelling)) {
                break;
            }
        }
        world.runUntil(world.nowMs() + LOOK_EVERY_MS);
        audit.takenBack().forEach(this::takeBack);
        world.runUntil(world.nowMs() + LOOK_EVERY_MS);
    }

    private boolean isEnded(SagaState<?> saga) {
        if (saga.phase() instanceof Stuck at) {
            int times = resumed.merge(saga.id() + at.step(), 1, Integer::sum);
            if (times <= mostResumes || !Wiring.canBeSkipped(saga.definition(), at.step())) {
                orchestrator.order(saga.id(), Verb.RESUME, at.step());
            } else {
                skip(saga, at.step());
            }
        }
        return saga.phase() instanceof Completed || saga.phase() instanceof Compensated;
    }
}
