package caravan.payment;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.payment.Breaker.Gate;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Breaker breaker = new Breaker(InstantSource.fixed(NOW), Duration.ofSeconds(30));

    @Test
    void letsNobodyThroughUntilItsTimeIsOver() {
        breaker.changed(CircuitBreakerState.OPEN);

        assertThat(breaker.gate(NOW.plusSeconds(30))).isEqualTo(Gate.OPEN);
        assertThat(breaker.gate(NOW.plusSeconds(31))).isEqualTo(Gate.PROBING);
        assertThat(breaker.openUntil()).isBetween(NOW.plusSeconds(30), NOW.plusSeconds(31));
    }

    @Test
    void letsOneThroughToFindOutAndThenEverybody() {
        breaker.changed(CircuitBreakerState.OPEN);
        breaker.changed(CircuitBreakerState.HALF_OPEN);
        Gate half = breaker.gate(NOW);
        breaker.changed(CircuitBreakerState.CLOSED);

        assertThat(half).isEqualTo(Gate.PROBING);
        assertThat(breaker.gate(NOW)).isEqualTo(Gate.CLOSED);
    }
}
