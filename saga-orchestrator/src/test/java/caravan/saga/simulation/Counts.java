package caravan.saga.simulation;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened, over many runs: a simulation in which nothing goes wrong shows nothing. */
final class Counts {

    private final Map<String, Long> counts = new TreeMap<>();

    void add(String what, long times) {
        if (times > 0) {
            counts.merge(what, times, Long::sum);
        }
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    String table() {
        StringBuilder table = new StringBuilder();
        counts.forEach((what, times) -> table.append("%,12d  %s%n".formatted(times, what)));
        return table.toString();
    }
}
