package caravan.fleet.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the orders stood when: whether a fleet works, seen from its end. Times are those of {@link System#nanoTime}. Any thread. */
final class Pulse {

    private record Beat(long atNs, Books.Standing orders) {
        boolean decidedMoreThan(Beat before) {
            return orders.decided() > before.orders.decided();
        }
    }

    private final List<Beat> beats = new ArrayList<>();

    synchronized void beat(long atNs, Books.Standing orders) {
        beats.add(new Beat(atNs, orders));
    }

    /**
     * Since when a pace is kept.
     *
     * @param fromNs earlier does not count
     * @return how long after {@code fromNs} the first decision of that pace came; empty while it has not lasted
     */
    synchronized Optional<Duration> paceSince(long fromNs, Pace pace) {
        for (int i = 1; i < beats.size(); i++) {
            Beat beat = beats.get(i);
            if (beat.atNs >= fromNs && beat.decidedMoreThan(beats.get(i - 1)) && keptFrom(i, pace)) {
                return Optional.of(Duration.ofNanos(beat.atNs - fromNs));
            }
        }
        return Optional.empty();
    }

    /** From just before this beat on. */
    private boolean keptFrom(int first, Pace pace) {
        Books.Standing before = beats.get(first - 1).orders;
        for (int i = first; i < beats.size(); i++) {
            Beat beat = beats.get(i);
            if (beat.orders.open() > pace.mostOpen()) {
                return false;
            }
            Duration since = Duration.ofNanos(beat.atNs - beats.get(first).atNs);
            if (since.compareTo(pace.lasting()) >= 0) {
                return pace.keptBy(beat.orders.since(before), since);
            }
        }
        return false;
    }

    /** The longest time between two decisions, to the quarter of a second in which they are looked for. */
    synchronized Duration longestSilence() {
        long longestNs = 0;
        long lastNs = Long.MAX_VALUE;
        long decided = 0;
        for (Beat beat : beats) {
            if (beat.orders.decided() > decided) {
                longestNs = Math.max(longestNs, lastNs == Long.MAX_VALUE ? 0 : beat.atNs - lastNs);
                lastNs = beat.atNs;
                decided = beat.orders.decided();
            }
        }
        return Duration.ofNanos(longestNs);
    }
}
