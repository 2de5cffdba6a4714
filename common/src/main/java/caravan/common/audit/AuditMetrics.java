package caravan.common.audit;

import caravan.audit.Invariant;
import caravan.audit.Violation;
import caravan.common.log.Facts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * {@code invariant.violations{invariant}}, and the log line of each violation, which has its order. A counter is there from the
 * start, at 0: one that appears with its first event has no increase for Prometheus. Thread-safe.
 */
@Singleton
public class AuditMetrics {

    private static final Logger LOG = Logger.getLogger(AuditMetrics.class);

    /** A UUID. */
    private static final Pattern ORDER = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final MeterRegistry meters;
    private final Map<Invariant, Counter> violations = new EnumMap<>(Invariant.class);
    private final Counter judged;
    private final Counter failures;

    AuditMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.judged = meters.counter("audit.judged");
        this.failures = meters.counter("audit.failures");
    }

    /** What this process judges. Before the first violation is told. */
    public synchronized void watch(Collection<Invariant> invariants) {
        invariants.forEach(invariant -> violations.computeIfAbsent(
                invariant, each -> meters.counter("invariant.violations", "invariant", each.label())));
    }

    /** A violation that is certain: counted, and told with its subject and its numbers. */
    public synchronized void violated(Violation violation) {
        Objects.requireNonNull(violations.get(violation.invariant()), "nobody watches " + violation.invariant())
                .increment();
        about(violation.subject())
                .tell(() -> LOG.errorf(
                        "invariant %s is violated by %s: %s",
                        violation.invariant().label(), violation.subject(), violation.what()));
    }

    /** Products have no key of their own. The saga that places an order has its id. */
    private static Facts about(String subject) {
        return ORDER.matcher(subject).matches() ? Facts.ofOrder(subject).saga(subject) : Facts.NONE;
    }

    /** Rows or orders that were looked at. */
    public void judged(int count) {
        judged.increment(count);
    }

    /** A look that came to nothing: no violation, but nobody has looked either. */
    public void failed() {
        failures.increment();
    }
}
