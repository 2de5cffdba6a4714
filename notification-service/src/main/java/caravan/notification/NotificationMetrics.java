package caravan.notification;

import caravan.notification.Claim.Settled;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code mail.attempts{outcome}}: tries by where they left the confirmation. {@code mail.confirmations{state}}: how many
 * stand in each open state; {@code failed} and {@code uncertain} want a person.
 */
@Singleton
class NotificationMetrics {

    private final Map<State, Counter> attempts = new EnumMap<>(State.class);
    private final Map<State, AtomicLong> open = new EnumMap<>(State.class);

    NotificationMetrics(MeterRegistry meters) {
        for (State left : State.values()) {
            attempts.put(left, meters.counter("mail.attempts", "outcome", left.tag()));
        }
        for (State state : List.of(State.PENDING, State.SENDING, State.FAILED, State.UNCERTAIN)) {
            AtomicLong count = new AtomicLong();
            open.put(state, count);
            Gauge.builder("mail.confirmations", count, AtomicLong::doubleValue)
                    .tag("state", state.tag())
                    .register(meters);
        }
    }

    void settled(List<Settled> ended) {
        ended.forEach(end -> attempt(end.verdict().state()));
    }

    void expired(int count) {
        for (int i = 0; i < count; i++) {
            attempt(State.UNCERTAIN);
        }
    }

    void open(Map<State, Long> counts) {
        open.forEach((state, count) -> count.set(counts.getOrDefault(state, 0L)));
    }

    private void attempt(State left) {
        Objects.requireNonNull(attempts.get(left), "one for each state").increment();
    }
}
