package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Pace PACE = new Pace(10, 5, Duration.ofSeconds(2));

    private final Pulse pulse = new Pulse();

    @Test
    void isBackWithTheFirstDecisionOfASteadyPace() {
        beats(0, 10, 20, 20, 20, 20, 30, 40, 50);

        assertThat(pulse.paceSince(at(2), PACE)).contains(Duration.ofSeconds(4));
    }

    @Test
    void isNotBackWhileThePaceHasNotLasted() {
        beats(0, 10, 20, 20, 20, 30, 40);

        assertThat(pulse.paceSince(at(3), PACE)).isEmpty();
    }

    @Test
    void isNotBackWithASingleOrder() {
        beats(0, 10, 20, 20, 21, 21, 21, 21);

        assertThat(pulse.paceSince(at(3), PACE)).isEmpty();
    }

    @Test
    void hasNeverGoneWhenNothingWasMissed() {
        beats(0, 10, 20, 30, 40, 50);

        assertThat(pulse.paceSince(at(2), PACE)).contains(Duration.ZERO);
    }

    @Test
    void isNotBackWhileItCatchesUp() {
        beats(0, 0, 0);
        pulse.beat(at(3), new Books.Standing(50, 30));
        pulse.beat(at(4), new Books.Standing(75, 6));
        pulse.beat(at(5), new Books.Standing(90, 5));
        pulse.beat(at(6), new Books.Standing(100, 4));
        pulse.beat(at(7), new Books.Standing(110, 4));

        assertThat(pulse.paceSince(at(3), PACE)).contains(Duration.ofSeconds(2));
    }

    @Test
    void isNotBackWhileNothingIsAccepted() {
        pulse.beat(at(0), new Books.Standing(0, 5));
        for (int second = 1; second < 6; second++) {
            pulse.beat(at(second), new Books.Standing(second, 5 - second));
        }

        assertThat(pulse.paceSince(at(0), new Pace(1, 5, Duration.ofSeconds(2))))
                .isEmpty();
    }

    @Test
    void isSilentBetweenDecisionsAndNotBeforeTheFirst() {
        beats(0, 0, 0, 0, 0, 1, 2, 2, 2, 3, 3);

        assertThat(pulse.longestSilence()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void isSilentWhileNobodyCouldLook() {
        pulse.beat(at(0), decided(1));
        pulse.beat(at(1), decided(2));
        pulse.beat(at(9), decided(3));

        assertThat(pulse.longestSilence()).isEqualTo(Duration.ofSeconds(8));
    }

    /** One a second. */
    private void beats(long... decided) {
        for (int second = 0; second < decided.length; second++) {
            pulse.beat(at(second), decided(decided[second]));
        }
    }

    private static Books.Standing decided(long decided) {
        return new Books.Standing(decided, 0);
    }

    private static long at(int second) {
        return TimeUnit.SECONDS.toNanos(second);
    }
}
