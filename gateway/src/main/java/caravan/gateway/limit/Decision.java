package caravan.gateway.limit;

import java.util.List;

/** What became of one take, bucket by bucket in the order of its policies. Filled by one thread, then only read. */
final class Decision {

    private final List<Policy> policies;
    private final long[] debts;
    private final boolean[] lacking;
    private final int shares;
    private boolean sessionDenied;

    /** @param shares how many gateways the buckets were cut up for; 1 when they are shared */
    Decision(List<Policy> policies, int shares) {
        this.policies = policies;
        this.debts = new long[policies.size()];
        this.lacking = new boolean[policies.size()];
        this.shares = shares;
    }

    void set(int bucket, long debt, boolean lacks) {
        debts[bucket] = debt;
        lacking[bucket] = lacks;
    }

    void denySession() {
        sessionDenied = true;
    }

    long debt(int bucket) {
        return debts[bucket];
    }

    boolean lacks(int bucket) {
        return lacking[bucket];
    }

    int shares() {
        return shares;
    }

    boolean sessionDenied() {
        return sessionDenied;
    }

    /** All or nothing, as far as policies are enforced. */
    boolean admits() {
        for (int i = 0; i < lacking.length; i++) {
            if (lacking[i] && policies.get(i).enforced()) {
                return false;
            }
        }
        return true;
    }
}
