package caravan.gateway.proxy;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Whether and when a request is sent again. */
record RetryRules(int most, Duration backoff) {

    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.DELETE);

    static RetryRules of(ProxyConfig.RetryPolicy policy) {
        return new RetryRules(policy.most(), policy.backoff());
    }

    /** May this be sent twice? With a key the service knows the second from the first. */
    static boolean isSafe(HttpMethod method, boolean hasKey, Upload upload) {
        return upload.canBeSentAgain() && (hasKey || IDEMPOTENT.contains(method));
    }

    /** @param tries so far */
    boolean allow(int tries, Fault.Kind fault) {
        return tries <= most && fault.repeatable();
    }

    long delayMs(int tries, RandomGenerator random) {
        long base = backoff.toMillis() << (tries - 1);
        return base + random.nextLong(base + 1);
    }
}
