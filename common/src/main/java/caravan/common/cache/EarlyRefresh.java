package caravan.common.cache;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Chance, so that what was stored together is not due together. Each read of an entry draws a number; the entry is due when its age
 * and that many times what its load took are more than its life. So a hot entry is loaded anew shortly before its life ends, by about
 * one reader, the earlier the longer a load takes, and one that nobody reads never (XFetch: Vattani, Chierichetti, Lowenstein,
 * Optimal Probabilistic Cache Stampede Prevention, VLDB 2015, with β = 1). Read at 1,000 a second, an entry whose load takes 20 ms
 * is loaded some 60 ms before its end; the lease sees to it that it is one reader even then. Never before three quarters of its life:
 * or a crowd that waited for a slow load would draw the next one at once.
 */
final class EarlyRefresh {

    /** Due when its life is over, and not before. */
    static final double NEVER = 0;

    private EarlyRefresh() {}

    /** Exponentially distributed, 1 in the mean. */
    static double draw(RandomGenerator random) {
        return -Math.log(1 - random.nextDouble());
    }

    /** A life that is shorter by up to this part of it. */
    static Duration shortened(Duration life, double by, RandomGenerator random) {
        return Duration.ofNanos(Math.round(life.toNanos() * (1 - by * random.nextDouble())));
    }
}
