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

    private record Row(long id, Outgoing outgoing) {}

    private final Group group;
    private final World world;
    private final Set<Row> rows = new LinkedHashSet<>();
    private final Set<Row> locked = new LinkedHashSet<>();
    private long ids;
    private boolean polling;

    Outbox(Group group) {
        this.group = group;
        this.world = group.world();
    }

    /** Inside the transaction that says it. */
    void add(List<Outgoing> batch) {
        batch.forEach(outgoing -> rows.add(new Row(++ids, outgoing)));
        poll();
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
        List<Row> taken =
                rows.stream().filter(row -> !locked.contains(row)).limit(MOST).toList();
        if (taken.isEmpty()) {
            return;
        }
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
