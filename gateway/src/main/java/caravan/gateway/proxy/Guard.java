package caravan.gateway.proxy;

import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.vertx.core.http.HttpClientResponse;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The breaker in front of one service, and what may be spent on trying again. It looks at the head of an answer only, while
 * the place in a bulkhead is kept to the end of it; that is why {@link Places} is another guard and not a part of this one.
 */
final class Guard {

    private static final TypeLiteral<CompletionStage<HttpClientResponse>> HEAD = new TypeLiteral<>() {
        private static final long serialVersionUID = 1;
    };

    private final Breaker breaker;
    private final TypedGuard<CompletionStage<HttpClientResponse>> calls;
    private final RetryBudget budget;
    private final ProxyMetrics.Calls counters;
    private final Duration whenAway;

    Guard(Target target, ProxyConfig config, ProxyMetrics metrics) {
        ProxyConfig.BreakerRules rules = config.breaker();
        this.breaker = new Breaker(InstantSource.system(), rules.openFor());
        this.calls = calls(target, rules, breaker);
        this.budget = new RetryBudget(config.retry().budget());
        this.counters = metrics.calls(target);
        this.whenAway = config.retryAfter();
        metrics.watchBreaker(target, breaker);
    }

    /** One try, counted. The breaker may refuse it. */
    CompletionStage<HttpClientResponse> call(Supplier<CompletionStage<HttpClientResponse>> attempt) {
        return calls.get(attempt).whenComplete((_, thrown) -> count(thrown));
    }

    void earnRetries() {
        budget.earn();
    }

    boolean spendRetry() {
        boolean allowed = budget.spend();
        if (allowed) {
            counters.retried().increment();
        }
        return allowed;
    }

    CircuitBreakerState breaker() {
        return breaker.state();
    }

    Duration retryAfter(Fault.Kind kind) {
        return kind == Fault.Kind.BREAKER_OPEN ? breaker.retryAfter() : whenAway;
    }

    private void count(@org.jspecify.annotations.Nullable Throwable thrown) {
        if (thrown == null) {
            counters.answered().increment();
        } else {
            counters.failed(Fault.of(thrown).kind());
        }
    }

    /** The timeout is not in here: it differs by route and by request, and a timer of the event loop wakes no thread. */
    private static TypedGuard<CompletionStage<HttpClientResponse>> calls(
            Target target, ProxyConfig.BreakerRules rules, Breaker breaker) {
        return TypedGuard.create(HEAD)
                .withThreadOffload(false)
                .withCircuitBreaker()
                .name("gateway-" + target.label())
                .requestVolumeThreshold(rules.window())
                .failureRatio(rules.ratio())
                .delay(rules.openFor().toMillis(), ChronoUnit.MILLIS)
                .when(Fault::blamesService)
                .onStateChange(breaker::changed)
                .done()
                .build();
    }
}
