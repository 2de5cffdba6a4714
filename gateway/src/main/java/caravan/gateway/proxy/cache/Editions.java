package caravan.gateway.proxy.cache;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often what is behind a path was edited through this gateway. Answers, and questions under way, belong to an edition: an
 * edit takes none of them away and lets nobody find them any more, so that a question that was asked before the edit and
 * answered after it does no harm. Any thread.
 */
final class Editions {

    /** Paths share counters, so that no number of them takes more room: an edit makes one path in a thousand be asked anew. */
    private static final int COUNTERS = 1024;

    private final AtomicLongArray counters = new AtomicLongArray(COUNTERS);

    long of(String path) {
        return counters.get(counter(path));
    }

    /** The path was edited: with it those above it, up to a list, and the lists. */
    void edited(String path, List<String> lists) {
        for (String each = path; !each.isEmpty() && !lists.contains(each); each = parent(each)) {
            counters.incrementAndGet(counter(each));
        }
        lists.forEach(list -> counters.incrementAndGet(counter(list)));
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private static int counter(String path) {
        return Math.floorMod(path.hashCode(), COUNTERS);
    }
}
