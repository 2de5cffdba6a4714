package caravan.gateway.proxy.cache;

import java.util.concurrent.atomic.AtomicLong;

/** How an answer is used: the hits that the service has not heard of, and when to ask it again before time. Any thread. */
final class Usage {

    private final AtomicLong hits = new AtomicLong();
    private volatile long quietUntilMs = Long.MIN_VALUE;

    void hit() {
        hits.incrementAndGet();
    }

    long hits() {
        return hits.get();
    }

    /** For the service: told once. */
    long take() {
        return hits.getAndSet(0);
    }

    /** The service has not heard of them after all. */
    void giveBack(long untold) {
        hits.addAndGet(untold);
    }

    /** Nobody asks before time until then. */
    void rest(long untilMs) {
        quietUntilMs = untilMs;
    }

    boolean isResting(long nowMs) {
        return nowMs < quietUntilMs;
    }
}
