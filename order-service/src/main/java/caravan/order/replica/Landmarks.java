package caravan.order.replica;

import caravan.common.sql.WalPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Where the primary was at what time, by our own clock; from that, how far behind a replica is in time. One that has what the
 * primary had at some moment is behind that moment at most, and one that lacks it was there before: nothing has to be written for
 * this to be right, and no two clocks have to agree. In between, the time of the last transaction that it has replayed says
 * more exactly where it is, and is believed no further. Not thread-safe.
 */
final class Landmarks {

    /** The primary was seen here from one look to another. */
    private record Landmark(WalPosition position, long firstNs, long lastNs) {}

    /** 16 s of looks that each found something new. Of more the newest only matters: by then a replica is far out. */
    private static final int MOST = 64;

    private final Deque<Landmark> marks = new ArrayDeque<>();

    /** @param askedNs before the primary was asked: what it had committed by then is in {@code position} */
    void primaryAt(WalPosition position, long askedNs) {
        Landmark newest = marks.peekLast();
        if (newest != null && newest.position().equals(position)) {
            marks.removeLast();
            marks.addLast(new Landmark(position, newest.firstNs(), askedNs));
            return;
        }
        if (newest != null && newest.position().reaches(position)) {
            // Another primary, which has less: what was noted of the old one means nothing.
            marks.clear();
        } else if (marks.size() == MOST) {
            marks.removeLast();
        }
        marks.addLast(new Landmark(position, askedNs, askedNs));
    }

    /**
     * How far behind is who has replayed up to {@code replayed}; empty before the primary was seen. While the primary says
     * nothing, the measure is what it said last: what it cannot commit nobody lacks.
     *
     * @param transactionAge how long ago the newest replayed transaction was committed, by the servers' clocks
     */
    Optional<Duration> lag(WalPosition replayed, long nowNs, Optional<Duration> transactionAge) {
        if (marks.isEmpty()) {
            return Optional.empty();
        }
        forgetBefore(replayed);
        if (replayed.reaches(marks.getLast().position())) {
            return Optional.of(Duration.ZERO);
        }
        boolean hasFirst = replayed.reaches(marks.getFirst().position());
        Duration longest = hasFirst ? age(marks.getFirst().lastNs(), nowNs) : Duration.ofNanos(Long.MAX_VALUE);
        Duration shortest = age(missing(hasFirst).firstNs(), nowNs);
        Duration said = transactionAge.orElse(longest);
        return Optional.of(max(shortest, min(longest, said)));
    }

    /** Keeps the newest that it has, and all that it lacks. */
    private void forgetBefore(WalPosition replayed) {
        while (marks.size() > 1 && replayed.reaches(second().position())) {
            marks.removeFirst();
        }
    }

    private Landmark missing(boolean hasFirst) {
        return hasFirst ? second() : marks.getFirst();
    }

    private Landmark second() {
        Iterator<Landmark> iterator = marks.iterator();
        iterator.next();
        return iterator.next();
    }

    private static Duration age(long ns, long nowNs) {
        return Duration.ofNanos(nowNs - ns);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
