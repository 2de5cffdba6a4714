package caravan.saga.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final UUID SAGA = UUID.fromString("018f0000-0000-7000-8000-000000000001");
    private static final Policy POLICY = Policy.of(Duration.ofSeconds(10), 3, Duration.ofSeconds(60));

    @Test
    void doublesTheWaitUpToTheCap() {
        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(attempt ->
                                POLICY.wait(SAGA, "charge-payment", attempt).toSeconds() / 10 * 10))
                .hasSize(6)
                .isSorted()
                .startsWith(10L, 20L, 40L)
                .allMatch(seconds -> seconds <= 72);
    }

    @Test
    void spreadsSagasOverAFifthOfTheWait() {
        assertThat(LongStream.range(0, 1000)
                        .mapToObj(i -> POLICY.wait(new UUID(0x018f000000007000L, i), "charge-payment", 1))
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThan(700)
                .anyMatch(wait -> wait.toMillis() < 10_200)
                .anyMatch(wait -> wait.toMillis() > 11_800);
    }

    @Property
    void waitsAtLeastTheDeadlineAndAtMostTheCapAndAFifth(
            @ForAll long saga,
            @ForAll @IntRange(min = 1) int attempt,
            @ForAll @LongRange(min = 1, max = 86_400_000) long deadlineMs,
            @ForAll @LongRange(min = 0, max = 86_400_000) long aboveMs) {
        Policy policy = Policy.forever(Duration.ofMillis(deadlineMs), Duration.ofMillis(deadlineMs + aboveMs));

        UUID id = new UUID(SAGA.getMostSignificantBits(), saga);
        Duration wait = policy.wait(id, "charge-payment", attempt);

        assertThat(wait.toMillis()).isBetween(deadlineMs, (deadlineMs + aboveMs) * 6 / 5);
        assertThat(policy.wait(id, "charge-payment", attempt)).isEqualTo(wait);
    }

    @Property
    void hasRoomForAllTriesInItsBudget(@ForAll long saga, @ForAll @IntRange(min = 0, max = 20) int resends) {
        Policy policy = Policy.of(Duration.ofSeconds(10), resends, Duration.ofSeconds(60));

        Duration total = IntStream.rangeClosed(1, resends + 1)
                .mapToObj(attempt ->
                        policy.wait(new UUID(SAGA.getMostSignificantBits(), saga), "charge-payment", attempt))
                .reduce(Duration.ZERO, Duration::plus);

        assertThat(policy.budget()).isGreaterThanOrEqualTo(total);
    }
}
