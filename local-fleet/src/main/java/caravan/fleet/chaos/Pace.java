package caravan.fleet.chaos;

import java.time.Duration;

/**
 * What counts as keeping up with orders that come at a rate.
 *
 * @param perSecond so many are decided at least
 * @param mostOpen of those that were accepted so many wait for their decision at most: what catches up is fast, and not well yet
 * @param lasting all that time
 */
record Pace(double perSecond, long mostOpen, Duration lasting) {

    /** Fifty orders that come by chance are fewer than thirty-five once in a hundred times. */
    private static final double LEAST_PART = 0.7;

    /** Cold JVMs on two busy cores need a second for an order. */
    private static final int MOST_SECONDS_OPEN = 3;

    /** Long enough that a pace is none by chance. */
    private static final Duration LASTING = Duration.ofSeconds(5);

    static Pace of(int rate) {
        return new Pace(LEAST_PART * rate, (long) MOST_SECONDS_OPEN * rate, LASTING);
    }
}
