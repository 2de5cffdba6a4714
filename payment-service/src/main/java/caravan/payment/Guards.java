package caravan.payment;

import caravan.payment.CardNetwork.Outcome;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/** What stands between us and a network that is slow, hangs or is away. Two ways through, for two kinds of payments. */
final class Guards {

    static final String BREAKER = "card-network";

    private static final TypeLiteral<Uni<Outcome>> TYPE = new TypeLiteral<>() {
        private static final long serialVersionUID = 1;
    };

    private Guards() {}

    /** Timeout, bulkhead, and the breaker that tells whether the network is there. */
    static TypedGuard<Uni<Outcome>> regular(PaymentConfig config, Breaker breaker) {
        PaymentConfig.BreakerRules rules = config.breaker();
        return guard(config.timeout(), config.bulkhead())
                .withCircuitBreaker()
                .name(BREAKER)
                .requestVolumeThreshold(rules.window())
                .failureRatio(rules.ratio())
                .delay(rules.openFor().toMillis(), ChronoUnit.MILLIS)
                .skipOn(BulkheadException.class)
                .onStateChange(breaker::changed)
                .done()
                .build();
    }

    /**
     * For a payment whose last call was not answered. That it hangs again says something about its card, not about the
     * network: it counts for no breaker, and its calls have a small bulkhead of their own.
     */
    static TypedGuard<Uni<Outcome>> suspects(PaymentConfig config) {
        return guard(config.timeout(), config.suspects()).build();
    }

    /** The queue is for calls that the timeout gave up a moment before their connection did. */
    private static TypedGuard.Builder<Uni<Outcome>> guard(Duration timeout, int calls) {
        return TypedGuard.create(TYPE)
                .withThreadOffload(false)
                .withTimeout()
                .duration(timeout.toMillis(), ChronoUnit.MILLIS)
                .done()
                .withBulkhead()
                .limit(calls)
                .queueSize(calls)
                .done();
    }
}
