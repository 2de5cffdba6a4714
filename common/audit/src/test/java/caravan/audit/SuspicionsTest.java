package caravan.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuspicionsTest {

    private static final Duration CONFIRM = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Violation MONEY = new Violation(Invariant.MONEY_ADDS_UP, "order", "700 kept, 0 approved");
    private static final Violation VIEW = new Violation(Invariant.VIEW_IS_FOLD, "order", "null");

    private final Suspicions suspicions = new Suspicions(CONFIRM, PATIENCE);

    @Test
    void isSureOfWhatASecondLookStillSees() {
        assertThat(look(NOW, MONEY)).isEmpty();
        assertThat(look(NOW.plusSeconds(29), MONEY)).isEmpty();
        assertThat(look(NOW.plusSeconds(30), MONEY)).containsExactly(MONEY);
    }

    @Test
    void givesAViolationOnce() {
        look(NOW, MONEY);
        look(NOW.plusSeconds(30), MONEY);

        assertThat(look(NOW.plusSeconds(60), MONEY)).isEmpty();
        assertThat(suspicions.size()).isZero();
    }

    @Test
    void forgetsWhatASecondLookDoesNotSee() {
        look(NOW, MONEY);
        look(NOW.plusSeconds(20));

        assertThat(look(NOW.plusSeconds(40), MONEY)).isEmpty();
    }

    @Test
    void keepsWhatASecondLookHasNotLookedAt() {
        look(NOW, MONEY);
        suspicions.looked(List.of("another"), List.of(), NOW.plusSeconds(20));

        assertThat(look(NOW.plusSeconds(40), MONEY)).containsExactly(MONEY);
    }

    @Test
    void waitsLongerForWhatMayBeLate() {
        look(NOW, VIEW);

        assertThat(look(NOW.plusSeconds(60), VIEW)).isEmpty();
        assertThat(look(NOW.plus(PATIENCE), VIEW)).containsExactly(VIEW);
    }

    @Test
    void isSureAtOnceWithoutAWait() {
        Suspicions trusting = new Suspicions(Duration.ZERO, Duration.ZERO);

        assertThat(trusting.looked(List.of("order"), List.of(MONEY, MONEY), NOW))
                .containsExactly(MONEY);
    }

    @Test
    void saysWhoIsToBeLookedAtAgain() {
        look(NOW, VIEW);

        assertThat(suspicions.due(NOW.plusSeconds(29), 10)).isEmpty();
        assertThat(suspicions.due(NOW.plusSeconds(30), 10)).containsExactly("order");
        look(NOW.plusSeconds(30), VIEW);
        assertThat(suspicions.due(NOW.plusSeconds(31), 10)).isEmpty();
        look(NOW.plus(PATIENCE), VIEW);
        assertThat(suspicions.due(NOW.plus(PATIENCE).plus(PATIENCE), 10)).isEmpty();
    }

    @Test
    void remembersNoMoreThanItMay() {
        Suspicions small = new Suspicions(CONFIRM, PATIENCE, 2);
        List<Violation> three = IntStream.range(0, 3)
                .mapToObj(n -> new Violation(Invariant.MONEY_ADDS_UP, "order " + n, ""))
                .toList();
        List<String> subjects = three.stream().map(Violation::subject).toList();

        small.looked(subjects, three, NOW);
        List<Violation> sure = small.looked(subjects, three, NOW.plus(CONFIRM));

        assertThat(sure).hasSize(2);
        assertThat(small.looked(subjects, three, NOW.plus(CONFIRM).plus(CONFIRM)))
                .hasSize(1);
    }

    private List<Violation> look(Instant now, Violation... found) {
        return suspicions.looked(List.of("order"), List.of(found), now);
    }
}
