package caravan.common.cache;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The same work for the same key is done once at a time in this process; who comes meanwhile shares the result, good or bad. At most
 * so many keys at once: one more fails with {@link BusyException}. On one context only.
 */
final class SingleFlight<T> {

    private final Map<String, Future<T>> flights = new HashMap<>();
    private final int most;

    SingleFlight(int most) {
        this.most = most;
    }

    boolean has(String key) {
        return flights.containsKey(key);
    }

    boolean hasRoom(String key) {
        return flights.size() < most || has(key);
    }

    Future<T> join(String key, Supplier<Future<T>> work) {
        Future<T> flight = flights.get(key);
        return flight != null ? flight : begin(key, work);
    }

    /** Beside the one that may be under way, which whoever comes from now on does not join any more. */
    Future<T> begin(String key, Supplier<Future<T>> work) {
        if (!hasRoom(key)) {
            return Future.failedFuture(new BusyException(most + " keys are under way"));
        }
        Future<T> flight = work.get();
        if (!flight.isComplete()) {
            flights.put(key, flight);
            flight.onComplete(_ -> flights.remove(key, flight));
        }
        return flight;
    }

    /** What is under way goes on for those who are in it; nobody else gets in. */
    void part(String key) {
        flights.remove(key);
    }
}
