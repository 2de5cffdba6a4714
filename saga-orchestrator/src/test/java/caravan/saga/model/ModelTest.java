package caravan.saga.model;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.saga.model.Spin.Search;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every run of the protocol that the model has, not a sample of them; what the model leaves out stands at its head. */
class ModelTest {

    @Test
    void holdsForAnOrderHoweverMuchGoesWrong() {
        Search search = Spin.safety("one", "N=1");

        tell("one order, faults without a bound", search);
        assertThat(search.errors()).as(search.output()).isZero();
        assertThat(search.complete()).isTrue();
        assertThat(search.states()).isGreaterThan(50_000);
    }

    @Test
    void holdsForTwoOrdersThatWantTheLastPiece() {
        Search search = Spin.safety("two", "N=2", "FAULTS=3");

        tell("two orders, up to three faults", search);
        assertThat(search.errors()).as(search.output()).isZero();
        assertThat(search.complete()).isTrue();
        assertThat(search.states()).isGreaterThan(1_000_000);
    }

    @Test
    void endsOrIsStuckHoweverMuchGoesWrong() {
        Search search = Spin.liveness("one-live", "N=1", "LIVE");

        tell("one order ends or is stuck", search);
        assertThat(search.errors()).as(search.output()).isZero();
        assertThat(search.complete()).isTrue();
    }

    @Test
    void endTogetherOrAreStuck() {
        Search search = Spin.liveness("two-live", "N=2", "FAULTS=1", "LIVE");

        tell("two orders end or are stuck, up to one fault", search);
        assertThat(search.errors()).as(search.output()).isZero();
        assertThat(search.complete()).isTrue();
    }

    /** The model is not blind: without a mechanism it finds what goes wrong. */
    @ParameterizedTest
    @CsvSource({"NO_TOMBSTONE, undone", "FORGETS_UNDO, stands"})
    void findsWhatAMissingMechanismLetsHappen(String mutant, String violated) {
        Search search = Spin.safety(mutant, "N=1", mutant);

        tell("mutant " + mutant, search);
        assertThat(search.errors()).isPositive();
        assertThat(search.output()).containsPattern("assertion violated .*" + violated);
    }

    private static void tell(String what, Search search) {
        System.out.printf(
                "model: %-45s errors: %d, %,10d states, depth %,6d, %,5.0f MB, %5.1f s%n",
                what, search.errors(), search.states(), search.depth(), search.megabytes(), search.seconds());
    }
}
