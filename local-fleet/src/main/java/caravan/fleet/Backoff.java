package caravan.fleet;

import java.time.Duration;

/**
 * How long to wait before a part is started again: doubling from the first to the longest pause, and from the beginning once it stayed alive long enough.
 *
 * @param failures in a row so far
 */
record Backoff(int failures) {
    static final Backoff NONE = new Backoff(0);

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration GOOD_LIFE = Duration.ofSeconds(30);

    Backoff after(Duration uptime) {
        return uptime.compareTo(GOOD_LIFE) >= 0 ? new Backoff(1) : new Backoff(Math.min(failures + 1, 10));
    }

    Duration pause() {
        Duration doubled = FIRST.multipliedBy(1L << Math.max(0, failures - 1));
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}
