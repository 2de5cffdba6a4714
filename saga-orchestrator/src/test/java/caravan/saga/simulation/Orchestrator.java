package caravan.saga.simulation;

import caravan.common.contract.Message;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.Reply;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Verb;
import caravan.saga.runtime.SimulatedSagas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** saga-orchestrator: two processes over one table; consumers, sweeper, operators' orders. */
final class Orchestrator {

    static final long SWEEP_EVERY_MS = 500;

    private static final int SWEEP_BATCH = 4;
    private static final int MOST_STEP_MS = 10;

    private final Group group;
    private final World world;
    private final SimulatedSagas sagas;
    private final Outbox outbox;
    private final Audit audit;
    private final Wiring wiring;
    private long sweepAtMs = Long.MAX_VALUE;

    Orchestrator(Group group, SimulatedSagas sagas, Outbox outbox, Audit audit) {
        this.group = group;
        this.world = group.world();
        this.sagas = sagas;
        this.outbox = outbox;
        this.audit = audit;
        this.wiring = new Wiring(world, sagas);
    }

    static SimulatedSagas.Faulty faulty(World world) {
        return new SimulatedSagas.Faulty(
                world.has(Bug.NO_LOCK),
                world.has(Bug.RESEND_LOST),
                world.has(Bug.DEADLINE_NOT_REARMED),
                world.has(Bug.UNKNOWN_IS_FAILED),
                world.has(Bug.STUCK_IS_DONE));
    }

    @Nullable
    Unit take(Node node, List<Received<?>> batch) {
        return unit(node, sagas.take(typed(batch, OrderEvent.class), world.now()));
    }

    @Nullable
    Unit advance(Node node, List<Received<?>> batch) {
        List<Received<?>> known = wiring.answered(batch);
        return unit(node, sagas.advance(typed(known, Reply.class), world.now()));
    }

    @SuppressWarnings("unchecked") // the topic carries nothing else
    private static <M extends Message> List<Received<M>> typed(List<Received<?>> batch, Class<M> type) {
        List<Received<M>> typed = new ArrayList<>();
        for (Received<?> received : batch) {
            if (!type.isInstance(received.message())) {
                throw new IllegalStateException("no " + type.getSimpleName() + ": "
                        + received.envelope().id());
            }
            typed.add((Received<M>) received);
        }
        return typed;
    }

    private @Nullable Unit unit(Node node, SimulatedSagas.@Nullable Unit turn) {
        if (turn == null) {
            return null;
        }
        return new Unit() {
            @Override
            public List<Outgoing> commit() {
                List<Outgoing> out = wiring.sends(turn.commit(), turn.events(), false);
                world.count("signals that changed nothing", turn.ignored());
                turn.events().forEach(event -> audit.advanced(node.name(), event));
                watch();
                return out;
            }

            @Override
            public void release() {
                turn.release();
            }
        };
    }

    /** Somebody sweeps when the next saga is to be looked at: no sooner, since a sweep that finds nothing shows nothing. */
    void watch() {
        Instant next = sagas.nextCheck();
        if (next == null) {
            return;
        }
        long soonest = world.nowMs() / SWEEP_EVERY_MS * SWEEP_EVERY_MS + SWEEP_EVERY_MS;
        long at = Math.max(soonest, Math.ceilDiv(World.msOf(next), SWEEP_EVERY_MS) * SWEEP_EVERY_MS);
        if (at < sweepAtMs) {
            sweepAtMs = at;
            world.at(at, () -> tick(at));
        }
    }

    private void tick(long at) {
        if (at != sweepAtMs) {
            return;
        }
        sweepAtMs = Long.MAX_VALUE;
        int salt = (int) at;
        for (Node node : group.nodes()) {
            // Each sweeps at its own moment, mostly one of them alone.
            if (node == group.someone(salt) || world.delay(node.name(), salt, 4) == 1) {
                node.later(world.delay(node.name(), salt, 100), () -> sweep(node));
            }
        }
        watch();
    }

    private void sweep(Node node) {
        SimulatedSagas.Unit turn = sagas.sweep(world.now(), SWEEP_BATCH);
        if (turn == null) {
            watch();
            return;
        }
        Unit unit = Objects.requireNonNull(unit(node, turn));
        node.begins(unit);
        if (node.passes(Boundary.BEFORE_COMMIT)) {
            node.later(world.delay(node.name(), (int) world.nowMs(), MOST_STEP_MS), () -> swept(node, turn, unit));
        }
    }

    private void swept(Node node, SimulatedSagas.Unit turn, Unit unit) {
        List<Outgoing> out = wiring.sends(turn.commit(), turn.events(), true);
        node.ends(unit);
        world.count("deadlines", turn.events().size());
        turn.events().forEach(event -> audit.advanced(node.name(), event));
        if (!world.has(Bug.NO_OUTBOX)) {
            outbox.add(out);
        }
        watch();
        if (node.passes(Boundary.AFTER_COMMIT)) {
            if (world.has(Bug.NO_OUTBOX)) {
                node.later(3, () -> group.log().append(out));
            } else {
                outbox.wake(node);
            }
        }
    }

    void started(Node node) {
        outbox.wake(node);
        node.later(2, () -> sweep(node));
        watch();
    }

    /** Gives the order to the saga where it stands; false while somebody is at it or nobody is there. */
    boolean order(UUID sagaId, Verb verb, String step) {
        Node node = group.someone(5);
        SimulatedSagas.Unit turn = node.isMember() ? sagas.order(sagaId, verb, step, world.now()) : null;
        if (turn == null) {
            return false;
        }
        List<Outgoing> out = turn.commit();
        world.count((turn.events().isEmpty() ? "refused orders to " : "orders to ")
                + verb.name().toLowerCase(Locale.ROOT));
        world.tell(
                "an operator: %s %s at %s%s", verb, sagaId, step, turn.events().isEmpty() ? ", refused" : "");
        turn.events().forEach(event -> audit.advanced("operator", event));
        outbox.add(out);
        outbox.wake(node);
        watch();
        return true;
    }

    @Nullable
    SagaState<?> state(UUID sagaId) {
        return sagas.state(sagaId);
    }
}
