package caravan.gateway;

import caravan.gateway.limit.Limiter;
import caravan.gateway.session.LoginThrottle;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Tries of passwords come out of a bucket of their account. */
@Singleton
class AccountThrottle implements LoginThrottle {

    private final Limiter limiter;

    AccountThrottle(Limiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public Future<Optional<Duration>> tryAcquire(String accountKey) {
        return limiter.takeAccount(accountKey)
                .map(verdict -> verdict.admitted() ? Optional.empty() : Optional.of(verdict.retryAfter()));
    }
}
