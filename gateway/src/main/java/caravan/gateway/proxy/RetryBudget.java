package caravan.gateway.proxy;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets retries be a bounded part of all requests, so that they never multiply an outage. Any thread. */
final class RetryBudget {

    private static final int ONE = 1000;

    /** What a quiet service may spend at once. */
    private static final int MOST = 10 * ONE;

    private final int perRequest;
    private final AtomicInteger left = new AtomicInteger(MOST);

    /** @param part retries for each request, 0 to 1 */
    RetryBudget(double part) {
        this.perRequest = (int) (part * ONE);
    }

    void earn() {
        if (left.get() < MOST) {
            left.addAndGet(perRequest);
        }
    }

    boolean spend() {
        return left.getAndUpdate(now -> now >= ONE ? now - ONE : now) >= ONE;
    }
}
