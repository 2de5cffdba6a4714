package caravan.fleet.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many orders were decided up to when: whether a fleet works, seen from its end. Times are those of {@link System#nanoTime}. Any thread. */
final class Pulse {

    private record Beat(long atNs, long decided) {}

    private final List<Beat> beats = new ArrayList<>();

    synchronized void beat(long atNs, long decided) {
        beats.add(new Beat(atNs, decided));
    }

    /**
     * Since when orders are decided at a pace again.
     *
     * @param fromNs earlier does not count
     * @param window the pace must have lasted so long
     * @return how long after {@code fromNs} the first decision of that pace came; empty while there is none
     */
    synchronized Optional<Duration> paceSince(long fromNs, Duration window, double perSecond) {
        for (int i = 1; i < beats.size(); i++) {
            Beat before = beats.get(i - 1);
            Beat beat = beats.get(i);
            if (beat.atNs >= fromNs && beat.decided > before.decided && holds(i, window, perSecond)) {
                return Optional.of(Duration.ofNanos(beat.atNs - fromNs));
            }
        }
        return Optional.empty();
    }

    /** Orders that are decided from just before this beat on. */
    private boolean holds(int from, Duration window, double perSecond) {
        Beat before = beats.get(from - 1);
        for (int i = from; i < beats.size(); i++) {
            Beat beat = beats.get(i);
            long sinceNs = beat.atNs - beats.get(from).atNs;
            if (sinceNs >= window.toNanos()) {
                return (beat.decided - before.decided) * 1e9 / sinceNs >= perSecond;
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
            if (beat.decided > decided) {
                longestNs = Math.max(longestNs, lastNs == Long.MAX_VALUE ? 0 : beat.atNs - lastNs);
                lastNs = beat.atNs;
                decided = beat.decided;
            }
        }
        return Duration.ofNanos(longestNs);
    }
}
