package caravan.payment;

import java.time.Duration;
import java.time.Instant;

/**
 * A leaky bucket as a queue: slots at a steady distance, each given away once. Not thread-safe.
 */
final class Pace {

    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

    private final Duration distance;
    private final Duration most;
    private Instant free = Instant.MIN;

    /** @param burst unused slots of the past that may be used at once */
    Pace(int perSecond, int burst) {
        this.distance = Duration.ofNanos(SECOND_NS / perSecond);
        this.most = distance.multipliedBy(burst);
    }

    /** The first free slot that is not before {@code from}; it is taken. */
    Instant next(Instant from) {
        Instant slot = free.isBefore(from) ? from : free;
        free = slot.plus(distance);
        return slot;
    }

    /** How many of {@code wanted} may start now. */
    int allowed(int wanted, Instant now) {
        if (free.isAfter(now)) {
            return 0;
        }
        long slots = Duration.between(floor(now), now).dividedBy(distance);
        return (int) Math.min(wanted, slots + 1);
    }

    void use(int slots, Instant now) {
        free = floor(now).plus(distance.multipliedBy(slots));
    }

    private Instant floor(Instant now) {
        Instant oldest = now.minus(most);
        return free.isBefore(oldest) ? oldest : free;
    }
}
