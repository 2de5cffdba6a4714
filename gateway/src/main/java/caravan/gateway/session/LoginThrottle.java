package caravan.gateway.session;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** Bounds how often somebody may try a password of one account. */
public interface LoginThrottle {

    /**
     * Takes one try, if there is one left.
     *
     * @param accountKey stands for the address that was typed, whether there is such an account or not; not the address itself
     * @return empty when the password may be tried, else how long to wait
     */
    Future<Optional<Duration>> tryAcquire(String accountKey);
}
