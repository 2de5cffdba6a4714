package caravan.saga.simulation;

import caravan.common.messaging.Outgoing;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A service's outbox and its relay: woken after a commit, with a poll as the safety net; rows in hand are skipped by others. */
final class Outbox {

    private static final int MOST = 8;
    private static final int MOST_STEP_MS = 10;
    private static final long POLL_EVERY_MS = 1_000;

    /** So long may a transaction last that commits after one that began later. */
    private static final long LATE_COMMIT_MS = 100;

    /** @param begun which transaction it is of, counted by their beginnings: as a sequence counts */
    private record Row(long id, long begun, Outgoing outgoing) {}

    private final Group group;
    private final World world;
    private final Set<Row> rows = new LinkedHashSet<>();
    private final Set<Row> locked = new LinkedHashSet<>();
    private long ids;
    private long transactions;
    private long overtaken;
    private long overtakenUntilMs;
    private long last;
    private boolean polling;

    Outbox(Group group) {
        this.group = group;
        this.world = group.world();
    }

    /** Inside the transaction that says it. */
    void add(List<Outgoing> batch) {
        long begun = begun();
        batch.forEach(outgoing -> rows.add(new Row(++ids, begun, outgoing)));
        poll();
    }

    /** One of two that follow each other closely began before the other, and commits after it. */
    private long begun() {
        if (overtaken > 0 && world.nowMs() <= overtakenUntilMs) {
            long earlier = overtaken;
            overtaken = 0;
            return earlier;
        }
        overtaken = ++transactions;
        overtakenUntilMs = world.nowMs() + LATE_COMMIT_MS;
        return ++transactions;
    }

    private boolean isMissed(Row row) {
        return world.has(Bug.OUTBOX_BY_SEQUENCE) && row.begun() < last;
    }

    void wake(Node node) {
        node.later(world.delay(node.name(), (int) ids, MOST_STEP_MS), () -> take(node));
    }

    private void poll() {
        if (!polling && !rows.isEmpty()) {
            polling = true;
            world.in(POLL_EVERY_MS, () -> {
                polling = false;
                wake(group.someone(7));
                poll();
            });
        }
    }

    private void take(Node node) {
        List<Row> taken = rows.stream()
                .filter(row -> !locked.contains(row) && !isMissed(row))
                .limit(MOST)
                .toList();
        if (taken.isEmpty()) {
            return;
        }
        last = Math.max(last, taken.getLast().begun());
        locked.addAll(taken);
        Unit unit = new Unit() {
            @Override
            public List<Outgoing> commit() {
                taken.forEach(rows::remove);
                release();
                return new ArrayList<>();
            }

            @Override
            public void release() {
                taken.forEach(locked::remove);
            }
        };
        node.begins(unit);
        node.later(world.delay(node.name(), (int) taken.getFirst().id(), MOST_STEP_MS), () -> send(node, taken, unit));
    }

    private void send(Node node, List<Row> taken, Unit unit) {
        group.log().append(taken.stream().map(Row::outgoing).toList());
        if (node.passes(Boundary.AFTER_SENDING)) {
            node.later(3, () -> {
                unit.commit();
                node.ends(unit);
                take(node);
            });
        }
    }
}
