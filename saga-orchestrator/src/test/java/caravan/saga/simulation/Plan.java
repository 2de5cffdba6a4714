package caravan.saga.simulation;

import caravan.common.messaging.MessageId;
import caravan.common.messaging.PoisonException;
import caravan.saga.simulation.Happening.Away;
import caravan.saga.simulation.Happening.CancelAsked;
import caravan.saga.simulation.Happening.Crashed;
import caravan.saga.simulation.Happening.Failing;
import caravan.saga.simulation.Happening.Lost;
import caravan.saga.simulation.Happening.NetworkAway;
import caravan.saga.simulation.Happening.NetworkSilent;
import caravan.saga.simulation.Happening.Operated;
import caravan.saga.simulation.Happening.Paused;
import caravan.saga.simulation.Happening.Placed;
import caravan.saga.simulation.Happening.Rebalanced;
import caravan.saga.simulation.Happening.Repeated;
import caravan.saga.simulation.Happening.Replayed;
import caravan.saga.simulation.Happening.Stalled;
import caravan.saga.simulation.Happening.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes wrong when something happens for the nth time, or with a message: looked up while the world runs. */
final class Plan {

    static final String DEFECT = "a defect";
    static final String POISON = "cannot be read yet";

    private static final class Failure {
        private final Trouble trouble;
        private int left;

        private Failure(Trouble trouble, int left) {
            this.trouble = trouble;
            this.left = left;
        }
    }

    private final World world;
    private final Map<String, Happening> atBoundaries = new HashMap<>();
    private final Map<Integer, Long> repeated = new HashMap<>();
    private final Set<Integer> lost = new HashSet<>();
    private final Set<Integer> silent = new HashSet<>();
    private final Map<String, Failure> failing = new HashMap<>();

    Plan(World world) {
        this.world = world;
        for (Happening happening : world.scenario().happenings()) {
            switch (happening) {
                case Crashed c -> atBoundaries.put(key(c.node(), c.boundary(), c.nth()), c);
                case Paused p -> atBoundaries.put(key(p.node(), p.boundary(), p.nth()), p);
                case Repeated r -> repeated.put(r.nth(), r.afterMs());
                case Lost l -> lost.add(l.nth());
                case NetworkSilent s -> silent.add(s.nth());
                case Failing f -> failing.put(id(f), new Failure(f.trouble(), f.times()));
                case Placed _,
                        CancelAsked _,
                        Rebalanced _,
                        Stalled _,
                        Away _,
                        NetworkAway _,
                        Operated _,
                        Replayed _ -> {}
            }
        }
    }

    private static String key(String node, Boundary boundary, int nth) {
        return node + ' ' + boundary + ' ' + nth;
    }

    private static String id(Failing failing) {
        MessageId id = new MessageId(Names.order(failing.order()), failing.step(), failing.direction());
        return failing.reply() ? id.replyId() : id.toString();
    }

    /** What befalls the node that passes the boundary for the nth time. */
    @Nullable
    Happening at(String node, Boundary boundary, int nth) {
        return world.isCalm() || atBoundaries.isEmpty() ? null : atBoundaries.get(key(node, boundary, nth));
    }

    /** After how long the nth record comes again; null when it does not. */
    @Nullable
    Long repeats(int nth) {
        return world.isCalm() ? null : repeated.get(nth);
    }

    boolean loses(int nth) {
        return !world.isCalm() && lost.contains(nth);
    }

    boolean silences(int nth) {
        return !world.isCalm() && silent.contains(nth);
    }

    /** Throws what the handler of this message fails with, if it does. */
    void handling(String id) {
        Failure failure = failing.isEmpty() || world.isCalm() ? null : failing.get(id);
        if (failure == null || failure.left == 0) {
            return;
        }
        switch (failure.trouble) {
            case PASSES -> {
                failure.left--;
                throw new UncheckedIOException(new IOException("connection lost"));
            }
            case DEFECT -> {
                failure.left--;
                throw new IllegalStateException(DEFECT);
            }
            case POISON -> throw new PoisonException(POISON);
        }
    }
}
