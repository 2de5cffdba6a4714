package caravan.saga.simulation;

import caravan.common.messaging.Faults;
import caravan.common.messaging.IntakeRules;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import java.util.List;

/**
 * One process at one partition, until the partition is taken from it: polls, handles, sends, commits the offset; as the intake
 * does, whose rules say what becomes of a fault.
 */
final class Reader {

    private static final int MOST_POLLED = 4;
    private static final int MOST_STEP_MS = 12;
    private static final long LONGEST_LOCK_WAIT_MS = 500;

    private final Group group;
    private final World world;
    private final Node node;
    private final String topic;
    private final int partition;
    private final Handler handler;
    private IntakeRules.Tries tries;
    private int position;
    private boolean busy;
    private boolean revoked;

    Reader(Group group, Node node, String topic, int partition, Handler handler, int position) {
        this.group = group;
        this.world = group.world();
        this.node = node;
        this.topic = topic;
        this.partition = partition;
        this.handler = handler;
        this.position = position;
        this.tries = group.rules().tries(List.of());
    }

    Node node() {
        return node;
    }

    /** It ends what it is at; its offsets do not count any more. */
    void revoke() {
        revoked = true;
        if (busy) {
            world.count("batches under way in a rebalance");
        }
    }

    void poll() {
        if (busy || revoked) {
            return;
        }
        long stalled = group.stalledUntilMs(topic, partition) - world.nowMs();
        if (stalled > 0) {
            node.later(stalled, this::poll);
            return;
        }
        List<Received<?>> batch = List.copyOf(group.log().read(topic, partition, position, MOST_POLLED));
        if (!batch.isEmpty()) {
            busy = true;
            position += batch.size();
            if (world.has(Bug.ACKNOWLEDGE_BEFORE_COMMIT)) {
                group.commit(topic, partition, position);
            }
            tries = group.rules().tries(batch);
            next();
        }
    }

    private void next() {
        if (tries.next()) {
            long ms = tries.pause().toMillis() + world.delay(about(), 1, MOST_STEP_MS);
            node.later(ms, () -> begin(0));
            return;
        }
        busy = false;
        if (!revoked) {
            group.commit(topic, partition, position);
            poll();
        }
    }

    private String about() {
        return tries.batch().getFirst().envelope().id();
    }

    private void begin(int waits) {
        Unit unit;
        try {
            if (!world.has(Bug.NO_REPLAY_WINDOW)) {
                tries.batch().forEach(received -> group.rules().refuseForgotten(received, world.now()));
            }
            unit = handler.begin(node, tries.batch());
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException fault) {
            failed(fault);
            return;
        }
        if (unit == null) {
            world.count("waits for a lock");
            long ms = Math.min(10L << Math.min(waits, 6), LONGEST_LOCK_WAIT_MS);
            node.later(ms, () -> begin(waits + 1));
            return;
        }
        node.begins(unit);
        if (node.passes(Boundary.BEFORE_COMMIT)) {
            node.later(world.delay(about(), 2, MOST_STEP_MS), () -> commit(unit));
        }
    }

    private void commit(Unit unit) {
        List<Outgoing> out;
        try {
            tries.batch()
                    .forEach(received ->
                            group.plan().handling(received.envelope().id()));
            out = unit.commit();
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException fault) {
            unit.release();
            node.ends(unit);
            failed(fault);
            return;
        }
        node.ends(unit);
        world.count("batches handled");
        if (node.passes(Boundary.AFTER_COMMIT)) {
            node.later(world.delay(about(), 3, MOST_STEP_MS), () -> send(out));
        }
    }

    private void send(List<Outgoing> out) {
        int half = out.size() / 2;
        group.log().append(out.subList(0, half));
        if (!node.passes(Boundary.WHILE_SENDING)) {
            return;
        }
        group.log().append(out.subList(half, out.size()));
        if (node.passes(Boundary.AFTER_SENDING)) {
            node.later(world.delay(about(), 4, MOST_STEP_MS), this::next);
        }
    }

    private void failed(RuntimeException fault) {
        if (Faults.passes(fault)) {
            world.count("faults that pass");
            node.later(group.rules().firstWait().toMillis(), () -> begin(0));
            return;
        }
        if (tries.failed(fault)) {
            bury(tries.batch().getFirst(), fault);
        } else {
            world.count(tries.isAlone() ? "single records tried again" : "batches halved");
        }
        next();
    }

    private void bury(Received<?> received, RuntimeException fault) {
        world.count("dead letters");
        world.tell(
                "%s: %s is a dead letter (%s)",
                node.name(), received.envelope().id(), String.valueOf(fault.getMessage()));
        world.wounded(Log.commandOf(received), Scenarios.CALM_FROM_MS);
        group.log().bury(received, fault);
    }
}
