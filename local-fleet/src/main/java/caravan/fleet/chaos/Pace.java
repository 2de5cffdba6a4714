package caravan.fleet.chaos;

import java.time.Duration;

/**
 * What counts as keeping up with orders that come at a rate.
 *
 * @param perSecond so many are accepted at least, and so many decided: a fleet whose door is closed decides what came before
 * @param mostOpen so many wait for their decision at most: what catches up is fast, and not well yet
 * @param lasting all that time
 */
record Pace(double perSecond, long mostOpen, Duration lasting) {

    /** Fifty orders that come by chance are fewer than thirty-five once in a hundred times. */
    private static final double LEAST_PART = 0.7;

    /** Cold JVMs on two busy cores need a second for an order. */
    private static final int MOST_SECONDS_OPEN = 3;

    /** Long enough that a pace is none by chance. */
    private static final Duration LASTING = Duration.ofSeconds(5);

    boolean keptBy(Books.Standing orders, Duration time) {
        double least = perSecond * time.toNanos() / 1e9;
        return orders.decided() >= least && orders.accepted() >= least;
    }

    static Pace of(int rate) {
        return new Pace(LEAST_PART * rate, (long) MOST_SECONDS_OPEN * rate, LASTING);
    }
}
