package caravan.saga.ops;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many sagas ended in each ten seconds, and how long they had taken. What was read once is remembered, so that each look reads
 * only what is new; while nobody looks nothing is read. Any thread.
 */
final class Pace {

    /** Short enough to see a stall begin, long enough for a 99th percentile to mean something. */
    static final Duration BUCKET = Duration.ofSeconds(10);

    private static final Duration KEPT = Duration.ofMinutes(15);

    /**
     * What ended within ten seconds; there is none where nothing did.
     *
     * @param undone those of them that came to nothing
     */
    record Bucket(Instant from, long ended, long undone, long p50Ms, long p99Ms) {}

    private final NavigableMap<Instant, Bucket> buckets = new TreeMap<>();

    /** Where the next look has to begin: ends of the bucket before this one may have been committed since it was read. */
    synchronized Instant unread(Instant now) {
        Instant oldest = floor(now.minus(KEPT));
        Instant unsure = floor(now).minus(BUCKET);
        return buckets.isEmpty() || buckets.lastKey().isBefore(oldest)
                ? oldest
                : earlier(unsure, buckets.lastKey().minus(BUCKET));
    }

    /** Takes what was read from there on, and gives all that is remembered, oldest first. */
    synchronized List<Bucket> learn(List<Bucket> read, Instant now) {
        read.forEach(bucket -> buckets.put(bucket.from(), bucket));
        buckets.headMap(floor(now.minus(KEPT)), false).clear();
        return List.copyOf(buckets.values());
    }

    private static Instant floor(Instant at) {
        long seconds = at.getEpochSecond();
        return Instant.ofEpochSecond(seconds - seconds % BUCKET.toSeconds());
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
