package caravan.payment;

import java.time.Duration;

/**
 * How long to wait before the next try: doubling from {@code first}, at most {@code longest}, half of it by chance, so that
 * those who failed together do not come back together (Exponential Backoff And Jitter, AWS Architecture Blog 2015: "equal
 * jitter").
 */
record Backoff(Duration first, Duration longest) {

    /** Beyond this any first wait of a millisecond is past a quarter of an hour. */
    private static final int MOST_DOUBLINGS = 20;

    /**
     * @param tries made so far, at least 1
     * @param chance 0 to 1
     */
    Duration after(int tries, double chance) {
        long full = first.toMillis() << Math.clamp(tries - 1L, 0, MOST_DOUBLINGS);
        long capped = Math.min(full, longest.toMillis());
        return Duration.ofMillis(capped / 2 + Math.round(capped / 2.0 * chance));
    }
}
