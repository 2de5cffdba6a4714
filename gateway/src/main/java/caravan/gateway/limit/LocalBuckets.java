package caravan.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The buckets as this gateway last saw them, and its share of them while Redis is away. A share begins where the shared bucket
 * was left, so that the loss of Redis is no second full bucket; what is given out of it is told to Redis on its return. Any
 * thread.
 */
final class LocalBuckets {

    /** The bucket as Redis was told, and the same with what was given out here since. */
    private record Seen(Bucket told, Bucket here) {}

    private final Cache<String, Seen> seen;
    private final IntSupplier gateways;
    private final LongSupplier clockUs;

    /** @param longestWindow after this every bucket is full, and not worth remembering */
    LocalBuckets(int most, Duration longestWindow, IntSupplier gateways, LongSupplier clockUs) {
        this.seen = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(longestWindow)
                .build();
        this.gateways = gateways;
        this.clockUs = clockUs;
    }

    /** What Redis said just now. */
    void remember(Take take, Decision decision) {
        long nowUs = clockUs.getAsLong();
        for (int i = 0; i < take.size(); i++) {
            Bucket bucket = new Bucket(decision.debt(i), nowUs);
            seen.put(take.key(i), new Seen(bucket, bucket));
        }
    }

    /** Notes with the take what Redis has to hear of. It is told once. */
    void confess(Take take) {
        for (int i = 0; i < take.size(); i++) {
            Seen bucket = seen.getIfPresent(take.key(i));
            if (bucket != null && !bucket.told().equals(bucket.here())) {
                take.owe(i, claim(take.key(i), take.policies().get(i).rate()));
            }
        }
    }

    /** Our part of the whole bucket: what was taken here cost as many times more as there are gateways. */
    private synchronized long claim(String key, Rate rate) {
        Seen bucket = seen.getIfPresent(key);
        if (bucket == null) {
            return 0;
        }
        long nowUs = clockUs.getAsLong();
        Bucket here = bucket.here().at(nowUs, rate);
        seen.put(key, new Seen(here, here));
        return (here.debt() - bucket.told().at(nowUs, rate).debt()) / gateways.getAsInt();
    }

    /** What the script would decide, had the bucket this gateway's share in it. */
    synchronized Decision decide(Take take) {
        List<Policy> policies = take.policies();
        int shares = gateways.getAsInt();
        long nowUs = clockUs.getAsLong();
        Decision decision = new Decision(policies, shares);
        for (int i = 0; i < take.size(); i++) {
            Rate rate = policies.get(i).rate();
            Bucket here = here(seen.getIfPresent(take.key(i)), nowUs, rate);
            decision.set(i, here.debt(), here.lacks(rate.price(take.cost(), shares), rate));
        }
        boolean admitted = decision.admits();
        for (int i = 0; i < take.size(); i++) {
            boolean takes = policies.get(i).enforced() ? admitted : !decision.lacks(i);
            Rate rate = policies.get(i).rate();
            Bucket here = new Bucket(decision.debt(i), nowUs).less(takes ? rate.price(take.cost(), shares) : 0);
            decision.set(i, here.debt(), decision.lacks(i));
            keep(take.key(i), here, takes);
        }
        return decision;
    }

    private static Bucket here(@Nullable Seen bucket, long nowUs, Rate rate) {
        return bucket == null ? new Bucket(0, nowUs) : bucket.here().at(nowUs, rate);
    }

    /** Like the script, what was not touched only when the clock was set back: it counts on from here. */
    private void keep(String key, Bucket here, boolean taken) {
        Seen before = seen.getIfPresent(key);
        if (taken || (before != null && before.here().atUs() > here.atUs())) {
            seen.put(key, new Seen(before == null ? new Bucket(0, here.atUs()) : before.told(), here));
        }
    }
}
