package caravan.saga.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * How long a saga waits for an answer, and how often it asks.
 *
 * <p>Try <i>n</i> (counted from 1) waits {@code deadline × 2^(n-1)}, at most {@code backoffCap}, plus a jitter of up to
 * a fifth. The jitter is a function of saga, step and try, so that a decision can be repeated.
 *
 * @param deadline the wait for the first answer
 * @param resends how often the same command is sent again before the saga gives up; not read where it never does
 * @param budget where the saga may give up: the whole time of the step, deferrals included. Where it may not (undos, and
 *     everything that only goes forward): the longest time one deferral may put it off
 */
public record Policy(Duration deadline, int resends, Duration backoffCap, Duration budget) {

    private static final Duration LONGEST = Duration.ofDays(30);

    /** 2^16 times any deadline of at least a millisecond is beyond a minute; more would only risk an overflow. */
    private static final int MOST_DOUBLINGS = 16;

    private static final int JITTER_PARTS = 5;

    public Policy {
        require(deadline.toMillis() > 0, "no deadline");
        require(resends >= 0, "resends below 0");
        require(backoffCap.compareTo(deadline) >= 0, "backoff cap below the deadline");
        require(budget.compareTo(deadline) >= 0, "budget below the deadline");
        require(backoffCap.compareTo(LONGEST) <= 0 && budget.compareTo(LONGEST) <= 0, "longer than 30 days");
    }

    /** With a budget that all its tries fit in. */
    public static Policy of(Duration deadline, int resends, Duration backoffCap) {
        Duration budget = backoffCap
                .multipliedBy(resends + 1L)
                .multipliedBy(JITTER_PARTS + 1L)
                .dividedBy(JITTER_PARTS);
        return new Policy(deadline, resends, backoffCap, budget);
    }

    /** For what is never given up; a single deferral puts it off by an hour at most. */
    public static Policy forever(Duration deadline, Duration backoffCap) {
        return new Policy(deadline, 0, backoffCap, Duration.ofHours(1).plus(backoffCap));
    }

    public Policy withBudget(Duration total) {
        return new Policy(deadline, resends, backoffCap, total);
    }

    /** How long the given try waits for its answer; whole milliseconds. */
    Duration wait(UUID sagaId, String step, int attempt) {
        int doublings = Math.min(attempt - 1, MOST_DOUBLINGS);
        Duration full = deadline.multipliedBy(1L << doublings);
        long millis = (full.compareTo(backoffCap) > 0 ? backoffCap : full).toMillis();
        return Duration.ofMillis(millis + Math.floorMod(mix(sagaId, step, attempt), millis / JITTER_PARTS + 1));
    }

    /** When the wait for the given try is over. */
    Instant due(UUID sagaId, String step, int attempt, Instant from) {
        return from.plus(wait(sagaId, step, attempt)).truncatedTo(ChronoUnit.MILLIS);
    }

    /** When the budget of what began then is over. */
    Instant end(Instant from) {
        return from.plus(budget).truncatedTo(ChronoUnit.MILLIS);
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(UUID sagaId, String step, int attempt) {
        long z = sagaId.getMostSignificantBits() ^ Long.rotateLeft(sagaId.getLeastSignificantBits(), 32);
        z += 31L * step.hashCode() + attempt * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("policy: " + otherwise);
        }
    }
}
