package caravan.saga.simulation;

import caravan.common.messaging.Faults;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One process at one partition, until the partition is taken from it: polls, handles, sends, commits the offset; as the intake
 * does, whose rules say what becomes of a fault.
 */
final class Reader {

    private static final int MOST_POLLED = 4;
    private static final int MOST_STEP_MS = 12;
    private static final long LONGEST_LOCK_WAIT_MS = 500;

    private record Try(List<Received<?>> batch, int attempt, int waits) {
        String about() {
            return batch.getFirst().envelope().id();
        }
    }

    private final Group group;
    private final World world;
    private final Node node;
    private final String topic;
    private final int partition;
    private final Handler handler;
    private final Deque<Try> todo = new ArrayDeque<>();
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
            todo.add(new Try(batch, 1, 0));
            next();
        }
    }

    private void next() {
        Try first = todo.poll();
        if (first != null) {
            node.later(world.delay(first.about(), 1, MOST_STEP_MS), () -> begin(first));
            return;
        }
        busy = false;
        if (!revoked) {
            group.commit(topic, partition, position);
            poll();
        }
    }

    private void begin(Try attempt) {
        Unit unit;
        try {
            if (!world.has(Bug.NO_REPLAY_WINDOW)) {
                attempt.batch.forEach(received -> group.rules().refuseForgotten(received, world.now()));
            }
            unit = handler.begin(node, attempt.batch);
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException fault) {
            failed(attempt, fault);
            return;
        }
        if (unit == null) {
            world.count("waits for a lock");
            Try again = new Try(attempt.batch, attempt.attempt, attempt.waits + 1);
            long ms = Math.min(10L << Math.min(attempt.waits, 6), LONGEST_LOCK_WAIT_MS);
            node.later(ms, () -> begin(again));
            return;
        }
        node.begins(unit);
        if (node.passes(Boundary.BEFORE_COMMIT)) {
            node.later(world.delay(attempt.about(), 2, MOST_STEP_MS), () -> commit(attempt, unit));
        }
    }

    private void commit(Try attempt, Unit unit) {
        List<Outgoing> out;
        try {
            attempt.batch.forEach(
                    received -> group.plan().handling(received.envelope().id()));
            out = unit.commit();
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException fault) {
            unit.release();
            node.ends(unit);
            failed(attempt, fault);
            return;
        }
        node.ends(unit);
        world.count("batches handled");
        if (node.passes(Boundary.AFTER_COMMIT)) {
            node.later(world.delay(attempt.about(), 3, MOST_STEP_MS), () -> send(attempt, out));
        }
    }

    private void send(Try attempt, List<Outgoing> out) {
        int half = out.size() / 2;
        group.log().append(out.subList(0, half));
        if (!node.passes(Boundary.WHILE_SENDING)) {
            return;
        }
        group.log().append(out.subList(half, out.size()));
        if (node.passes(Boundary.AFTER_SENDING)) {
            node.later(world.delay(attempt.about(), 4, MOST_STEP_MS), this::next);
        }
    }

    private void failed(Try attempt, RuntimeException fault) {
        List<Received<?>> batch = attempt.batch;
        if (Faults.passes(fault)) {
            world.count("faults that pass");
            node.later(group.rules().firstWait().toMillis(), () -> begin(attempt));
        } else if (batch.size() > 1) {
            world.count("batches halved");
            int half = batch.size() / 2;
            todo.addFirst(new Try(batch.subList(half, batch.size()), 1, 0));
            todo.addFirst(new Try(batch.subList(0, half), 1, 0));
            next();
        } else if (group.rules().isDead(fault, attempt.attempt)) {
            bury(batch.getFirst(), fault);
            next();
        } else {
            world.count("single records tried again");
            Try again = new Try(batch, attempt.attempt + 1, 0);
            node.later(group.rules().waitAfter(attempt.attempt).toMillis(), () -> begin(again));
        }
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
