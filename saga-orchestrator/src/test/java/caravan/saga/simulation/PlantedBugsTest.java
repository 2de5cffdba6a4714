package caravan.saga.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation finds mistakes: each of these, planted into its wiring, breaks an invariant within a few hundred seeds. */
class PlantedBugsTest {

    /** The rarest of them shows in one of some two hundred. */
    private static final int SEEDS = 2_000;

    private record Catch(long seed, Violation violation, Scenario scenario) {}

    private static final Map<Bug, Catch> CAUGHT = new EnumMap<>(Bug.class);

    @ParameterizedTest
    @EnumSource
    void isCaught(Bug bug) {
        @Nullable Catch caught = hunt(bug);

        assertThat(caught).as("%s within %d seeds", bug, SEEDS).isNotNull();
        CAUGHT.put(bug, Objects.requireNonNull(caught));
    }

    @Test
    void isToldInTheLeastThatShowsIt() {
        Catch caught = Objects.requireNonNull(hunt(Bug.NO_TOMBSTONE));
        Invariant invariant = caught.violation().invariant();

        String story = Shrinker.story(caught.scenario(), EnumSet.of(Bug.NO_TOMBSTONE), invariant);

        Scenario least = Shrinker.shrunk(caught.scenario(), EnumSet.of(Bug.NO_TOMBSTONE), invariant);
        assertThat(least.happenings()).hasSizeLessThanOrEqualTo(4);
        assertThat(story).contains("VIOLATED", "seed " + caught.seed());
        System.out.printf("%n%s%n", story);
    }

    @AfterAll
    static void table() {
        System.out.printf("%n%-26s %-20s %5s  %s%n", "planted bug", "caught by", "seed", "mistake");
        CAUGHT.forEach((bug, caught) -> System.out.printf(
                "%-26s %-20s %5d  %s%n", bug, caught.violation().invariant(), caught.seed(), bug.mistake()));
    }

    private static @Nullable Catch hunt(Bug bug) {
        Set<Bug> bugs = EnumSet.of(bug);
        for (long seed = 0; seed < SEEDS; seed++) {
            Scenario scenario = Scenarios.of(seed);
            Violation violation =
                    Simulation.run(scenario, bugs, false, new Counts()).violation();
            if (violation != null) {
                return new Catch(seed, violation, scenario);
            }
        }
        return null;
    }
}
