package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.notification.Verdict.Again;
import caravan.notification.Verdict.Policy;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Policy POLICY = new Policy(5, Duration.ofSeconds(1), Duration.ofSeconds(5));

    @Test
    void isSentWhenTheServerAccepts() {
        assertThat(Verdict.of(new Outcome.Accepted(), 1, POLICY).state()).isEqualTo(State.SENT);
    }

    @Test
    void doublesTheWaitUpToTheLongest() {
        var waits = IntStream.rangeClosed(1, 4)
                .mapToObj(attempt -> Verdict.of(new Outcome.Refused("busy"), attempt, POLICY))
                .map(verdict -> ((Again) verdict).delay().toSeconds());

        assertThat(waits).containsExactly(1L, 2L, 4L, 5L);
    }

    @Test
    void isPendingAgainAfterARefusal() {
        assertThat(Verdict.of(new Outcome.Refused("busy"), 1, POLICY).state()).isEqualTo(State.PENDING);
    }

    @Test
    void failsWhenTheLastTryIsRefused() {
        assertThat(Verdict.of(new Outcome.Refused("busy"), 5, POLICY))
                .isEqualTo(new Verdict.Failed("gave up after 5 tries: busy"));
    }

    @Test
    void failsAtOnceWhenTheServerRejects() {
        assertThat(Verdict.of(new Outcome.Rejected("no such user"), 1, POLICY))
                .isEqualTo(new Verdict.Failed("no such user"));
    }

    @Test
    void isUncertainWhenNobodyKnowsAndNeverPendingAgain() {
        for (int attempt = 1; attempt <= 5; attempt++) {
            assertThat(Verdict.of(new Outcome.Unknown("line dead"), attempt, POLICY))
                    .isEqualTo(new Verdict.Uncertain("line dead"));
        }
    }

    @Test
    void countsWaitsWithoutOverflow() {
        Policy endless = new Policy(Integer.MAX_VALUE, Duration.ofSeconds(1), Duration.ofMinutes(5));

        assertThat(Verdict.of(new Outcome.Refused("busy"), 1_000_000, endless))
                .isEqualTo(new Again(Duration.ofMinutes(5), "busy"));
    }

    @Test
    void refusesAPolicyThatEndsBeforeItBegins() {
        assertThatThrownBy(() -> new Policy(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Policy(1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
