package caravan.saga.simulation;

import caravan.saga.simulation.Happening.Placed;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a run depends on.
 *
 * @param seed of the delays
 * @param stockOfTea what is on hand at the start, as is rice
 */
record Scenario(long seed, Pace pace, int stockOfTea, int stockOfRice, List<Happening> happenings) {

    /** How long sagas wait. */
    enum Pace {
        /** As in production. */
        STANDARD,
        /** So short that deadlines pass while answers are under way. */
        HASTY
    }

    Scenario {
        happenings = List.copyOf(happenings);
    }

    Scenario without(int index) {
        List<Happening> fewer = new ArrayList<>(happenings);
        fewer.remove(index);
        return new Scenario(seed, pace, stockOfTea, stockOfRice, fewer);
    }

    /** Nothing goes wrong, nobody interferes. */
    boolean isCalm() {
        return pace == Pace.STANDARD && happenings.stream().allMatch(Placed.class::isInstance);
    }
}
