package caravan.gateway.proxy.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Questions under way: one at a time for a key, whoever and however many want its answer. Whoever needs one that is asked
 * after they came waits for the next, all of them for the same. A flight goes on whatever becomes of those on it. Any thread.
 */
final class Flights {

    /** Somebody who waits. */
    interface Passenger {

        /** On the thread that landed the flight. {@code first}: the question was asked on this one's behalf. */
        void landed(Outcome outcome, boolean first);
    }

    /** One question. */
    static final class Flight {

        private final Key key;
        private final long createdAtMs;
        private final Consumer<Flight> start;
        private final List<Passenger> passengers = new ArrayList<>();
        private final boolean asked;
        private volatile boolean keeping;

        private Flight(Key key, long createdAtMs, Consumer<Flight> start, boolean asked) {
            this.key = key;
            this.createdAtMs = createdAtMs;
            this.start = start;
            this.asked = asked;
            this.keeping = !asked;
        }

        Key key() {
            return key;
        }

        /** Nobody who is on it waits since earlier. */
        long createdAtMs() {
            return createdAtMs;
        }

        /** Somebody who is on it does not mind that the answer is kept. */
        boolean isKeeping() {
            return keeping;
        }
    }

    /** Of one key: the question that is asked, and those who wait for the one after it. */
    private static final class Line {

        private Flight now;
        private @Nullable Flight next;

        private Line(Flight now) {
            this.now = now;
        }
    }

    private final Map<Key, Line> lines = new HashMap<>();
    private final int most;
    private int waiting;

    /** @param most who may wait, on all flights together */
    Flights(int most) {
        this.most = most;
    }

    /**
     * False when there is no room; else the passenger hears of a landing.
     *
     * @param later a flight that has begun already will not do
     * @param keeping the passenger does not mind that the answer is kept
     * @param start begins the flight, when it is up to this passenger; may be called by the thread that lands another one
     */
    boolean board(Key key, boolean later, boolean keeping, Passenger passenger, long nowMs, Consumer<Flight> start) {
        Flight begun = null;
        synchronized (this) {
            if (waiting >= most) {
                return false;
            }
            waiting++;
            Line line = lines.get(key);
            Flight flight;
            if (line == null) {
                begun = new Flight(key, nowMs, start, true);
                flight = begun;
                lines.put(key, new Line(begun));
            } else {
                flight = later ? next(line, key, nowMs, start) : line.now;
            }
            flight.passengers.add(passenger);
            flight.keeping |= keeping;
        }
        if (begun != null) {
            begun.start.accept(begun);
        }
        return true;
    }

    /** A flight that nobody asked for, unless there is one. */
    void boardNobody(Key key, long nowMs, Consumer<Flight> start) {
        Flight flight = new Flight(key, nowMs, start, false);
        synchronized (this) {
            if (lines.putIfAbsent(key, new Line(flight)) != null) {
                return;
            }
        }
        start.accept(flight);
    }

    /** Tells those who wait, and begins the next flight if somebody waits for that. Once for each flight. */
    void land(Flight flight, Outcome outcome) {
        Flight next;
        synchronized (this) {
            Line line = lines.get(flight.key);
            if (line == null || line.now != flight) {
                throw new IllegalStateException("landed twice: " + flight.key);
            }
            waiting -= flight.passengers.size();
            next = line.next;
            if (next == null) {
                lines.remove(flight.key);
            } else {
                line.now = next;
                line.next = null;
            }
        }
        if (next != null) {
            next.start.accept(next);
        }
        for (int i = 0; i < flight.passengers.size(); i++) {
            flight.passengers.get(i).landed(outcome, i == 0 && flight.asked);
        }
    }

    synchronized int waiting() {
        return waiting;
    }

    private static Flight next(Line line, Key key, long nowMs, Consumer<Flight> start) {
        Flight next = line.next;
        if (next == null) {
            next = new Flight(key, nowMs, start, true);
            line.next = next;
        }
        return next;
    }
}
