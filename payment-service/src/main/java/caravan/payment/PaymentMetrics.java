package caravan.payment;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Every meter of this service, and the log line of a call that failed. */
@Singleton
class PaymentMetrics {

    private static final Logger LOG = Logger.getLogger(PaymentMetrics.class);

    private record Asked(CardNetwork.Call call, Class<? extends Outcome> outcome) {}

    private final Map<Asked, Timer> calls = new ConcurrentHashMap<>();
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
        Gauge.builder("breaker.state", () -> gate.get().level())
                .tag("downstream", "card-network")
                .register(meters);
    }

    void watchInHand(String lane, Supplier<Number> inHand) {
        Gauge.builder("payments.in.hand", inHand).tag("lane", lane).register(meters);
    }

    void countedOpen(Map<State, Long> counts) {
        open.forEach((state, gauge) -> gauge.set(counts.getOrDefault(state, 0L)));
    }

    void asked(Payment payment, Outcome outcome, Duration took) {
        tell(payment, outcome);
        Asked asked = new Asked(payment.call(), outcome.getClass());
        calls.computeIfAbsent(asked, this::timer).record(took);
    }

    private static void tell(Payment payment, Outcome outcome) {
        switch (outcome) {
            case Outcome.Unavailable unavailable ->
                payment.facts().tell(() -> LOG.infof("card network: %s", unavailable.why()));
            case Outcome.Unanswered _ -> payment.facts().tell(() -> LOG.info("card network: no answer"));
            case Outcome.Captured _,
                    Outcome.Declined _,
                    Outcome.Blocked _,
                    Outcome.Reversed _,
                    Outcome.Prevented _ -> {}
        }
    }

    private Timer timer(Asked asked) {
        return Timer.builder("card.network.calls")
                .tag("call", label(asked.call()))
                .tag("outcome", asked.outcome().getSimpleName().toLowerCase(Locale.ROOT))
                .register(meters);
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
