package caravan.saga.simulation;

import caravan.saga.simulation.Happening.Crashed;
import caravan.saga.simulation.Happening.Paused;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A process. What it was about to do is gone when it dies, and waits when it stands still. */
final class Node {

    /** After this a process that does not answer loses its partitions. */
    private static final long SESSION_MS = 3_000;

    private final World world;
    private final Plan plan;
    private final Group group;
    private final String name;
    private final Map<Boundary, Integer> passed = new EnumMap<>(Boundary.class);
    private final Set<Unit> open = new LinkedHashSet<>();
    private int incarnation;
    private boolean up = true;
    private boolean expelled;
    private long pausedUntilMs;

    Node(World world, Plan plan, Group group, String name) {
        this.world = world;
        this.plan = plan;
        this.group = group;
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isUp() {
        return up;
    }

    /** Whether it gets partitions. */
    boolean isMember() {
        return up && !expelled;
    }

    /** Runs in this process, if it is still the same one then. */
    void later(long ms, Runnable what) {
        int mine = incarnation;
        world.in(ms, () -> run(mine, what));
    }

    private void run(int mine, Runnable what) {
        if (mine != incarnation || !up) {
            return;
        }
        if (pausedUntilMs > world.nowMs()) {
            world.at(pausedUntilMs, () -> run(mine, what));
            return;
        }
        what.run();
    }

    /** A transaction that is rolled back when the process dies. */
    void begins(Unit unit) {
        open.add(unit);
    }

    void ends(Unit unit) {
        open.remove(unit);
    }

    /** False when it dies here. */
    boolean passes(Boundary boundary) {
        int nth = passed.merge(boundary, 1, Integer::sum);
        switch (plan.at(name, boundary, nth)) {
            case Crashed crash -> {
                world.count(
                        "crashes " + boundary.name().toLowerCase(Locale.ROOT).replace('_', ' '));
                world.tell("%s dies %s, for %d ms", name, boundary, crash.downMs());
                world.wounded(group.service(), crash.downMs() + SESSION_MS);
                dies(crash.downMs());
                return false;
            }
            case Paused pause -> pauses(boundary, pause.forMs());
            case null, default -> {}
        }
        return true;
    }

    void dies(long downMs) {
        stop();
        world.in(Math.min(downMs, SESSION_MS), group::rebalance);
        world.in(downMs, this::starts);
    }

    /** Loses what is in memory; transactions under way roll back. */
    void stop() {
        incarnation++;
        up = false;
        pausedUntilMs = 0;
        expelled = false;
        List<Unit> lost = new ArrayList<>(open);
        open.clear();
        lost.forEach(Unit::release);
    }

    void starts() {
        if (!up && !group.isAway()) {
            up = true;
            world.tell("%s starts", name);
            group.rebalance();
            group.started(this);
        }
    }

    private void pauses(Boundary boundary, long forMs) {
        world.count("pauses " + boundary.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        world.tell("%s stands still %s, for %d ms", name, boundary, forMs);
        world.wounded(group.service(), forMs + SESSION_MS);
        pausedUntilMs = world.nowMs() + forMs;
        int mine = incarnation;
        world.in(Math.min(SESSION_MS, forMs), () -> expel(mine));
        world.in(forMs, () -> readmit(mine));
    }

    private void expel(int mine) {
        if (mine == incarnation && pausedUntilMs > world.nowMs()) {
            expelled = true;
            group.rebalance();
        }
    }

    private void readmit(int mine) {
        if (mine == incarnation) {
            world.tell("%s goes on", name);
            if (expelled) {
                expelled = false;
                group.rebalance();
            }
        }
    }

    /** The faults are over. */
    void heals() {
        pausedUntilMs = 0;
        if (expelled) {
            expelled = false;
            group.rebalance();
        }
        starts();
    }
}
