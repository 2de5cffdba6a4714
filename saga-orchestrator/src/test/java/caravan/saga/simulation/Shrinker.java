package caravan.saga.simulation;

import java.util.List;
import java.util.Set;

/** Leaves out of a scenario that fails what it does not need to fail, one thing after the other. */
final class Shrinker {

    private Shrinker() {}

    static Scenario shrunk(Scenario failing, Set<Bug> bugs, Invariant invariant) {
        Scenario smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int i = smallest.happenings().size() - 1; i >= 0; i--) {
                Scenario candidate = smallest.without(i);
                if (fails(candidate, bugs, invariant)) {
                    smallest = candidate;
                    smaller = true;
                }
            }
        }
        return smallest;
    }

    private static boolean fails(Scenario candidate, Set<Bug> bugs, Invariant invariant) {
        Violation violation =
                Simulation.run(candidate, bugs, false, new Counts()).violation();
        return violation != null && violation.invariant() == invariant;
    }

    /** What went wrong in the least that still goes wrong, as a story with times. */
    static String story(Scenario failing, Set<Bug> bugs, Invariant invariant) {
        Scenario least = shrunk(failing, bugs, invariant);
        List<String> story = Simulation.run(least, bugs, true, new Counts()).story();
        StringBuilder text = new StringBuilder();
        text.append("seed %d, %s pace, %d tea and %d rice on hand%n"
                .formatted(failing.seed(), least.pace(), least.stockOfTea(), least.stockOfRice()));
        text.append("%d of %d things that happened are enough:%n"
                .formatted(least.happenings().size(), failing.happenings().size()));
        least.happenings()
                .forEach(happening -> text.append("  ").append(happening).append('\n'));
        story.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
