package caravan.gateway.proxy;

import io.smallrye.faulttolerance.api.TypedGuard;
import io.vertx.core.http.HttpClientResponse;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What stands in front of one service, so that it drags no other down. The place in a bulkhead is kept until the answer
 * has ended, the breaker looks at its head only; that is why they are two guards and not one.
 */
final class Guard {

    private static final TypeLiteral<CompletionStage<HttpClientResponse>> HEAD = new TypeLiteral<>() {
        private static final long serialVersionUID = 1;
    };

    private final Places requests;
    private final Places streams;
    private final Breaker breaker;
    private final TypedGuard<CompletionStage<HttpClientResponse>> calls;
    private final RetryBudget budget;
    private final ProxyMetrics.Calls counters;
    private final Duration whenAway;

    Guard(Target target, int places, ProxyConfig config, ProxyMetrics metrics) {
        ProxyConfig.BreakerRules rules = config.breaker();
        this.requests = new Places(places, places * config.bulkhead().waiting());
        this.streams = new Places(config.bulkhead().streams(), 1);
        this.breaker = new Breaker(InstantSource.system(), rules.openFor());
        this.calls = calls(target, rules, breaker);
        this.budget = new RetryBudget(config.retry().budget());
        this.counters = metrics.calls(target);
        this.whenAway = config.retryAfter();
        metrics.watchBreaker(target, breaker);
        metrics.watchBulkhead(target, "requests", requests::active);
        metrics.watchBulkhead(target, "streams", streams::active);
    }

    Places places(Route route) {
        return route.traits().streaming() ? streams : requests;
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
