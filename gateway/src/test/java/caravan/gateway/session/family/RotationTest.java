package caravan.gateway.session.family;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.auth.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table in the public contract, row by row; the family is at its fifth rotation. */
class RotationTest {

    private static final Instant ROTATED = Instant.parse("2030-01-10T12:00:00Z");
    private static final Rotation.Policy POLICY = new Rotation.Policy(Duration.ofDays(7), Duration.ofSeconds(10));
    private static final Instant IDLE_END = ROTATED.plus(Duration.ofDays(7));
    private static final Instant ABSOLUTE_END = ROTATED.plus(Duration.ofDays(20));

    @ParameterizedTest(name = "{0} presented {1} s after the rotation, successor seen: {2} -> {3}")
    @CsvSource({
        // current
        "5, 0,      false, Rotate",
        "5, 0,      true,  Rotate",
        "5, 11,     false, Rotate",
        "5, 604799, true,  Rotate",
        // previous, within the grace
        "4, 0,      false, SameSuccessor",
        "4, 0,      true,  SameSuccessor",
        "4, 10,     true,  SameSuccessor",
        // previous, the successor was never seen
        "4, 11,     false, SameSuccessor",
        "4, 604799, false, SameSuccessor",
        // previous otherwise
        "4, 11,     true,  Reuse",
        "4, 604799, true,  Reuse",
        // older
        "3, 0,      false, Reuse",
        "3, 0,      true,  Reuse",
        "3, 11,     false, Reuse",
        "0, 11,     true,  Reuse",
        "0, 0,      false, Reuse",
        // idle for too long
        "5, 604800, false, Invalid",
        "4, 604800, false, Invalid",
        "3, 604800, true,  Invalid",
        // never given, as far as we know
        "6, 0,      true,  Invalid",
        "6, 11,     false, Invalid",
    })
    void decidesAsTheContractSays(int presented, long secondsLater, boolean seen, String outcome) {
        Rotation rotation =
                Rotation.decide(family(seen, null, ABSOLUTE_END), presented, ROTATED.plusSeconds(secondsLater), POLICY);

        assertThat(rotation.getClass().getSimpleName()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({"5", "4", "3", "0", "6"})
    void nothingIsGoodForARevokedFamily(int presented) {
        Rotation rotation = Rotation.decide(family(false, ROTATED, ABSOLUTE_END), presented, ROTATED, POLICY);

        assertThat(rotation).isEqualTo(new Rotation.Invalid());
    }

    @ParameterizedTest
    @CsvSource({"5", "4", "3"})
    void nothingIsGoodAfterTheAbsoluteEnd(int presented) {
        Instant end = ROTATED.plusSeconds(60);

        assertThat(Rotation.decide(family(true, null, end), presented, end, POLICY))
                .isEqualTo(new Rotation.Invalid());
    }

    @Test
    void theCurrentTokenMovesTheIdleEndAndNotTheAbsoluteOne() {
        Instant soon = ROTATED.plus(Duration.ofDays(1));
        Instant late = ROTATED.plus(Duration.ofDays(6));

        assertThat(Rotation.decide(family(true, null, ABSOLUTE_END), 5, soon, POLICY))
                .isEqualTo(new Rotation.Rotate(6, soon.plus(Duration.ofDays(7))));
        assertThat(Rotation.decide(family(true, null, ROTATED.plus(Duration.ofDays(8))), 5, late, POLICY))
                .isEqualTo(new Rotation.Rotate(6, ROTATED.plus(Duration.ofDays(8))));
    }

    @Test
    void thePreviousTokenGetsTheSuccessorThatIsThere() {
        assertThat(Rotation.decide(family(false, null, ABSOLUTE_END), 4, ROTATED, POLICY))
                .isEqualTo(new Rotation.SameSuccessor(5));
    }

    /** Clocks of two gateways: the rotation was a moment later than now. */
    @Test
    void aClockThatIsBehindCountsAsWithinTheGrace() {
        assertThat(Rotation.decide(family(true, null, ABSOLUTE_END), 4, ROTATED.minusSeconds(2), POLICY))
                .isEqualTo(new Rotation.SameSuccessor(5));
    }

    private static Family family(boolean seen, @Nullable Instant revokedAt, Instant absoluteEnd) {
        return new Family(
                new UUID(0, 1),
                new UUID(0, 2),
                Set.of(Scope.ORDERS_READ),
                5,
                ROTATED,
                seen,
                IDLE_END,
                absoluteEnd,
                revokedAt);
    }
}
