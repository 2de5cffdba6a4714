package caravan.gateway.limit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One request before its buckets, from the question to the verdict. */
final class Take {

    private static final long SECOND_US = 1_000_000;

    private final List<Policy> policies;
    private final String[] keys;
    private final int cost;
    private final @Nullable UUID session;
    private final Promise<Verdict> verdict;

    /** What was given out here while Redis was away, and Redis is to hear of with this take; for each bucket. */
    private final long[] owed;

    Take(List<Policy> policies, String[] keys, int cost, @Nullable UUID session, Promise<Verdict> verdict) {
        this.policies = policies;
        this.keys = keys;
        this.cost = cost;
        this.session = session;
        this.verdict = verdict;
        this.owed = new long[keys.length];
    }

    List<Policy> policies() {
        return policies;
    }

    String key(int bucket) {
        return keys[bucket];
    }

    int size() {
        return keys.length;
    }

    int cost() {
        return cost;
    }

    @Nullable
    UUID session() {
        return session;
    }

    long owed(int bucket) {
        return owed[bucket];
    }

    void owe(int bucket, long units) {
        owed[bucket] = units;
    }

    Future<Verdict> verdict() {
        return verdict.future();
    }

    void settle(Decision decision) {
        verdict.complete(verdict(decision));
    }

    private Verdict verdict(Decision decision) {
        List<Standing> standings = new ArrayList<>(keys.length);
        long waitUs = 0;
        for (int i = 0; i < keys.length; i++) {
            Policy policy = policies.get(i);
            if (policy.enforced()) {
                standings.add(standing(policy, decision.debt(i), decision.shares()));
                waitUs = Math.max(waitUs, decision.lacks(i) ? waitUs(policy.rate(), decision, i) : 0);
            }
        }
        Duration retryAfter = waitUs == 0 ? Duration.ZERO : Duration.ofNanos(waitUs * 1000);
        return new Verdict(decision.admits(), decision.sessionDenied(), retryAfter, standings);
    }

    private long waitUs(Rate rate, Decision decision, int bucket) {
        // Lacking and no time to wait cannot be, but a zero would read as admitted.
        return Math.max(1, rate.waitUs(decision.debt(bucket), rate.price(cost, decision.shares())));
    }

    private static Standing standing(Policy policy, long debt, int shares) {
        Rate rate = policy.rate();
        return new Standing(
                policy.name(),
                rate.quota(),
                rate.windowUs() / SECOND_US,
                rate.remaining(debt, shares),
                Math.ceilDiv(rate.fullInUs(debt), SECOND_US));
    }
}
