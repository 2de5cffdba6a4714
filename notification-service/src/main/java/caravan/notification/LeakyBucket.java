package caravan.notification;

import java.time.Duration;

/**
 * A steady rate: each taker gets a slot one interval after the last one's. {@code slack} is how late a slot may be taken
 * without moving those behind it, so that the pauses between batches do not lower the rate. Not thread-safe; time comes in
 * as an argument.
 */
final class LeakyBucket {

    private final long intervalNanos;
    private final long slackNanos;
    private long lastSlot;

    LeakyBucket(int perSecond, Duration slack, long nowNanos) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("no rate: " + perSecond);
        }
        this.intervalNanos = Duration.ofSeconds(1).toNanos() / perSecond;
        this.slackNanos = slack.toNanos();
        this.lastSlot = nowNanos - slackNanos - intervalNanos;
    }

    /** How long the taker has to wait for its slot. */
    Duration take(long nowNanos) {
        long ahead = Math.max(lastSlot + intervalNanos - nowNanos, -slackNanos);
        lastSlot = nowNanos + ahead;
        return Duration.ofNanos(Math.max(ahead, 0));
    }
}
