package caravan.gateway.proxy;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What a circuit breaker says, for metrics and for Retry-After. Any thread. */
final class Breaker {

    private final InstantSource clock;
    private final Duration openFor;
    private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;
    private volatile Instant openUntil = Instant.MIN;

    Breaker(InstantSource clock, Duration openFor) {
        this.clock = clock;
        this.openFor = openFor;
    }

    void changed(CircuitBreakerState next) {
        if (next == CircuitBreakerState.OPEN) {
            openUntil = clock.instant().plus(openFor);
        }
        state = next;
    }

    CircuitBreakerState state() {
        return state;
    }

    /** As the metric shows it. */
    int level() {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    /** Until it lets a call through; a second while one finds out. */
    Duration retryAfter() {
        Duration left = Duration.between(clock.instant(), openUntil);
        return state == CircuitBreakerState.OPEN && left.isPositive() ? left : Duration.ofSeconds(1);
    }
}
