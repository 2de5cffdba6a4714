package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.order.History.Progress;
import caravan.order.History.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The checker finds what it is there to find. Times are milliseconds. */
class HistoryTest {

    private static final Set<Integer> ONE = Set.of(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final UUID order = UUID.randomUUID();
    private final UUID other = UUID.randomUUID();
    private final History history = new History();

    @Test
    void hasNothingAgainstProgress() {
        places(1, 0);
        sees(1, 10, 0, false);
        cancels(1, 20);
        sees(1, 30, 1, true);
        sees(1, 5_000, 2, true);

        assertThat(history.backwards(ONE)).isEmpty();
        assertThat(history.olderThan(Duration.ZERO)).isEmpty();
    }

    @Test
    void missesAnOrderThatItsClientHasPlaced() {
        places(1, 0);
        misses(1, 10);

        assertThat(history.backwards(ONE)).hasSize(1).first().asString().contains("null");
    }

    @Test
    void findsAnOrderThatWentBack() {
        sees(1, 0, 3, false);
        sees(1, 10, 2, false);

        assertThat(history.backwards(ONE)).hasSize(1);
    }

    @Test
    void findsACancellationThatWentAway() {
        places(1, 0);
        cancels(1, 10);
        sees(1, 20, 4, false);

        assertThat(history.backwards(ONE)).hasSize(1);
    }

    @Test
    void missesAnOrderInAList() {
        history.add(new Step(1, 0, 1, Set.of(order, other), Map.of(order, Progress.PLACED, other, Progress.PLACED)));
        history.add(new Step(1, 10, 11, Set.of(order, other), Map.of(other, Progress.PLACED)));

        assertThat(history.backwards(ONE)).extracting(History.Violation::order).containsExactly(order);
    }

    @Test
    void blamesNobodyForWhatAnotherHasSeen() {
        sees(2, 0, 3, false);
        sees(1, 10, 2, false);

        assertThat(history.backwards(Set.of(1, 2))).isEmpty();
    }

    @Test
    void allowsWhatIsOldWithinTheLimitAndNothingOlder() {
        sees(2, 0, 3, false);
        sees(1, 1_000, 2, false);
        assertThat(history.olderThan(SECOND)).isEmpty();

        sees(1, 1_001, 2, false);
        assertThat(history.olderThan(SECOND)).hasSize(1);
    }

    @Test
    void addsUpWhatWasSeenAtDifferentTimes() {
        cancels(2, 0);
        sees(2, 10, 3, false);
        sees(1, 5_000, 3, false);

        assertThat(history.olderThan(SECOND)).hasSize(1);
    }

    private void places(int client, long ms) {
        history.add(Step.write(client, ns(ms), ns(ms), order, Progress.PLACED));
    }

    private void cancels(int client, long ms) {
        history.add(Step.write(client, ns(ms), ns(ms), order, new Progress(0, true)));
    }

    private void sees(int client, long ms, int sequence, boolean cancelled) {
        history.add(new Step(client, ns(ms), ns(ms), Set.of(order), Map.of(order, new Progress(sequence, cancelled))));
    }

    private void misses(int client, long ms) {
        history.add(new Step(client, ns(ms), ns(ms), Set.of(order), Map.of()));
    }

    private static long ns(long ms) {
        return ms * 1_000_000;
    }
}
