package caravan.gateway.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Every meter of the limits. */
final class LimitMetrics {

    /** Why a take was decided from memory. */
    enum Fallback {
        /** Redis did not answer in time. */
        LATE,
        /** It answered with an error, or the connection broke meanwhile. */
        FAILED,
        /** It is known not to answer, and was not asked. */
        AWAY,
        /** More is under way than may be. */
        FULL
    }

    private record Outcomes(Counter admitted, Counter refused, Counter shadowRefused) {}

    private final Outcomes[] outcomes;
    private final Map<Fallback, Counter> fallbacks = new EnumMap<>(Fallback.class);
    private final Timer calls;
    private final AtomicInteger linesDown;

    LimitMetrics(MeterRegistry meters, List<Policy> policies, IntSupplier gateways) {
        this.outcomes = new Outcomes[policies.size()];
        policies.forEach(policy -> outcomes[policy.index()] = outcomes(meters, policy.name()));
        for (Fallback why : Fallback.values()) {
            fallbacks.put(why, meters.counter("limiter.fallback", "cause", label(why)));
        }
        this.calls = Timer.builder("limiter.script")
                .description("one script call, for all requests that arrived together")
                .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5))
                .register(meters);
        this.linesDown = meters.gauge("limiter.lines.down", new AtomicInteger());
        Gauge.builder("limiter.gateways", gateways::getAsInt).register(meters);
    }

    void decided(List<Policy> policies, Decision decision) {
        boolean admitted = decision.admits();
        for (int i = 0; i < policies.size(); i++) {
            Policy policy = policies.get(i);
            Outcomes of = outcomes[policy.index()];
            if (decision.lacks(i)) {
                (policy.enforced() ? of.refused() : of.shadowRefused()).increment();
            } else if (admitted || !policy.enforced()) {
                of.admitted().increment();
            }
        }
    }

    void fellBack(Fallback why) {
        Objects.requireNonNull(fallbacks.get(why)).increment();
    }

    void called(long tookNs) {
        calls.record(Duration.ofNanos(tookNs));
    }

    void lineWent(boolean up) {
        linesDown.addAndGet(up ? -1 : 1);
    }

    private static Outcomes outcomes(MeterRegistry meters, String policy) {
        return new Outcomes(
                outcome(meters, policy, "admitted"),
                outcome(meters, policy, "refused"),
                outcome(meters, policy, "shadow-refused"));
    }

    private static Counter outcome(MeterRegistry meters, String policy, String outcome) {
        return meters.counter("limiter.decisions", "policy", policy, "outcome", outcome);
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
