package caravan.gateway.limit;

/**
 * How much a bucket holds and how fast it refills, in units of which nothing is ever rounded: a microsecond refills
 * {@code quota} units and a token is {@code windowUs} units, so that {@code quota} tokens come in one window exactly.
 */
record Rate(long quota, long windowUs) {

    /** Lua counts in doubles, which are exact up to 2^53; a debt and a price are added before they are compared. */
    private static final long LARGEST = 1L << 52;

    /** More gateways than anybody runs; keeps {@link #price} in range. */
    static final int MOST_SHARES = 1000;

    Rate {
        if (quota < 1 || windowUs < 1 || quota > LARGEST / windowUs) {
            throw new IllegalArgumentException("a quota of " + quota + " in " + windowUs + " µs cannot be counted");
        }
    }

    /** Units in a full bucket. */
    long capacity() {
        return quota * windowUs;
    }

    /**
     * Units that a request costs a gateway that may give out one of so many shares. A token costs it that many times as much,
     * which is the same as a bucket so many times smaller and slower; but never more than a full bucket, or else a small
     * limit would admit nobody at all.
     */
    long price(int cost, int shares) {
        long shared = cost * windowUs;
        return shared >= capacity() ? shared : Math.min(shared * shares, capacity());
    }

    /** Whole tokens left. */
    long remaining(long debt, int shares) {
        return (capacity() - debt) / price(1, shares);
    }

    long fullInUs(long debt) {
        return Math.ceilDiv(debt, quota);
    }

    /** Until a bucket with this debt holds this price. */
    long waitUs(long debt, long price) {
        return Math.max(0, Math.ceilDiv(debt + price - capacity(), quota));
    }
}
