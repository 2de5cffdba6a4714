package caravan.gateway.limit;

/**
 * What a bucket lacks to be full, in units of its {@link Rate}, at an instant. The script that runs in Redis does the same
 * arithmetic; a property test holds the two together.
 */
record Bucket(long debt, long atUs) {

    /** Refilled up to now. A clock that was set back refills nothing, and counts on from where it is. */
    Bucket at(long nowUs, Rate rate) {
        long elapsedUs = Math.clamp(nowUs - atUs, 0, rate.windowUs());
        return new Bucket(Math.max(0, debt - elapsedUs * rate.quota()), nowUs);
    }

    boolean lacks(long price, Rate rate) {
        return debt + price > rate.capacity();
    }

    Bucket less(long price) {
        return new Bucket(debt + price, atUs);
    }
}
