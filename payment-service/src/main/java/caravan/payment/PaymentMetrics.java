package caravan.payment;

import caravan.payment.CardNetwork.Call;
import caravan.payment.CardNetwork.Outcome;
import caravan.payment.Payment.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Every meter of this service. */
@Singleton
class PaymentMetrics {

    private final MeterRegistry meters;
    private final Map<State, AtomicLong> open = new EnumMap<>(State.class);

    PaymentMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (State state : State.values()) {
            if (state.call().isPresent()) {
                open.put(state, meters.gauge("payments.open", Tags.of("state", label(state)), new AtomicLong()));
            }
        }
    }

    /** 0 closed, 1 probing, 2 open. */
    void watchBreaker(Supplier<Breaker.Gate> gate) {
        Gauge.builder("breaker.state", () -> gate.get().ordinal())
                .tag("breaker", Guards.BREAKER)
                .register(meters);
    }

    void watchInHand(String lane, Supplier<Number> inHand) {
        Gauge.builder("payments.in.hand", inHand).tag("lane", lane).register(meters);
    }

    void countedOpen(Map<State, Long> counts) {
        open.forEach((state, gauge) -> gauge.set(counts.getOrDefault(state, 0L)));
    }

    void asked(Call call, Outcome outcome, Duration took) {
        Timer.builder("card.network.calls")
                .tag("call", label(call))
                .tag("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .register(meters)
                .record(took);
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
