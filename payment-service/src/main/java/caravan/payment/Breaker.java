package caravan.payment;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What the circuit breaker in front of the card network says, for whoever plans ahead. Any thread. */
final class Breaker {

    /** Our stopwatch starts a moment before the breaker's own. */
    private static final Duration MARGIN = Duration.ofMillis(20);

    /** May the network be asked? */
    enum Gate {
        CLOSED(0),
        /** By one call, to find out. */
        PROBING(1),
        OPEN(2);

        private final int level;

        Gate(int level) {
            this.level = level;
        }

        /** As the metric shows it. */
        int level() {
            return level;
        }
    }

    private record Reading(CircuitBreakerState state, Instant openUntil) {}

    private final InstantSource clock;
    private final Duration openFor;
    private volatile Reading reading = new Reading(CircuitBreakerState.CLOSED, Instant.MIN);

    Breaker(InstantSource clock, Duration openFor) {
        this.clock = clock;
        this.openFor = openFor.plus(MARGIN);
    }

    void changed(CircuitBreakerState state) {
        Instant until = state == CircuitBreakerState.OPEN ? clock.instant().plus(openFor) : reading.openUntil;
        reading = new Reading(state, until);
    }

    Gate gate(Instant now) {
        Reading current = reading;
        return switch (current.state) {
            case CLOSED -> Gate.CLOSED;
            case HALF_OPEN -> Gate.PROBING;
            case OPEN -> now.isBefore(current.openUntil) ? Gate.OPEN : Gate.PROBING;
        };
    }

    /** When it lets a call through again; in the past when it does now. */
    Instant openUntil() {
        return reading.openUntil;
    }
}
