package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromisesTest {

    private static final UUID ONE = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    private final Promises promises = new Promises();

    @BeforeEach
    void isAskedForOneOrder() {
        promises.offered("key");
    }

    @Test
    void holdsWhenTheAcceptedOrderIsThere() {
        promises.accepted("key", ONE);
        promises.accepted("key", ONE);

        assertThat(promises.brokenBy(Map.of("key", List.of(ONE)))).isEmpty();
        assertThat(promises.answers()).isEqualTo(new Answers(1, 1, 0, 0, 0));
    }

    @Test
    void isBrokenWhenTheAcceptedOrderIsGone() {
        promises.accepted("key", ONE);

        assertThat(promises.brokenBy(Map.of())).singleElement().asString().contains(ONE.toString(), "is not there");
    }

    @Test
    void isBrokenWhenAnotherOrderIsThereInstead() {
        promises.accepted("key", ONE);

        assertThat(promises.brokenBy(Map.of("key", List.of(OTHER)))).hasSize(1);
    }

    @Test
    void isBrokenByTwoOrdersUnderOneKeyEvenIfNobodyWasTold() {
        assertThat(promises.brokenBy(Map.of("key", List.of(ONE, OTHER))))
                .singleElement()
                .asString()
                .contains("made 2 orders");
    }

    @Test
    void isBrokenByTwoAnswersToOneKey() {
        promises.accepted("key", ONE);
        promises.accepted("key", OTHER);

        assertThat(promises.brokenBy(Map.of("key", List.of(OTHER)))).hasSize(1);
    }

    @Test
    void isBrokenByAnOrderThatWasRefused() {
        promises.refused("key", 422);

        assertThat(promises.brokenBy(Map.of("key", List.of(ONE)))).hasSize(1);
        assertThat(promises.brokenBy(Map.of())).isEmpty();
        assertThat(promises.answers().refused()).isEqualTo(1);
    }

    @Test
    void saysNothingAboutAnOrderOfWhichNobodyHeard() {
        promises.askedAgain();

        assertThat(promises.brokenBy(Map.of())).isEmpty();
        assertThat(promises.brokenBy(Map.of("key", List.of(ONE)))).isEmpty();
        assertThat(promises.answers()).isEqualTo(new Answers(1, 0, 0, 1, 1));
    }
}
