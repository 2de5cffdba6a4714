package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    private final Pulse pulse = new Pulse();

    @Test
    void isBackWithTheFirstDecisionOfASteadyPace() {
        beats(0, 10, 20, 20, 20, 20, 30, 40, 50);

        assertThat(pulse.paceSince(at(2), WINDOW, 10)).contains(Duration.ofSeconds(4));
    }

    @Test
    void isNotBackWhileThePaceHasNotLasted() {
        beats(0, 10, 20, 20, 20, 30, 40);

        assertThat(pulse.paceSince(at(3), WINDOW, 10)).isEmpty();
    }

    @Test
    void isNotBackWithASingleOrder() {
        beats(0, 10, 20, 20, 21, 21, 21, 21);

        assertThat(pulse.paceSince(at(3), WINDOW, 10)).isEmpty();
    }

    @Test
    void hasNeverGoneWhenNothingWasMissed() {
        beats(0, 10, 20, 30, 40, 50);

        assertThat(pulse.paceSince(at(2), WINDOW, 10)).contains(Duration.ZERO);
    }

    @Test
    void isSilentBetweenDecisionsAndNotBeforeTheFirst() {
        beats(0, 0, 0, 0, 0, 1, 2, 2, 2, 3, 3);

        assertThat(pulse.longestSilence()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void isSilentWhileNobodyCouldLook() {
        pulse.beat(at(0), 1);
        pulse.beat(at(1), 2);
        pulse.beat(at(9), 3);

        assertThat(pulse.longestSilence()).isEqualTo(Duration.ofSeconds(8));
    }

    /** One a second. */
    private void beats(long... decided) {
        for (int second = 0; second < decided.length; second++) {
            pulse.beat(at(second), decided[second]);
        }
    }

    private static long at(int second) {
        return TimeUnit.SECONDS.toNanos(second);
    }
}
