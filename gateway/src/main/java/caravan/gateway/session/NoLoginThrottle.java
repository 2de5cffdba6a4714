package caravan.gateway.session;

import io.quarkus.arc.DefaultBean;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Where no limiter is about. */
@Singleton
@DefaultBean
class NoLoginThrottle implements LoginThrottle {

    @Override
    public Future<Optional<Duration>> tryAcquire(String accountKey) {
        return Future.succeededFuture(Optional.empty());
    }
}
