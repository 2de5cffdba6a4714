package caravan.order;

/**
 * How far a rebuild of the views is. Orders are counted once, whatever their events.
 *
 * @param records of the topics, read so far
 * @param orders found in the topics with all of their events
 * @param equal their views are what the events say
 * @param mended their views were missing or wrong, and are right now
 * @param left their views have seen more than the topics had, or they are in the topics only: left alone
 * @param notInTopics views of orders whose events are not all in the topics any more: left alone too
 * @param unreadable records that are no events
 * @param failure why it ended before its end; empty else
 */
record RebuildProgress(
        long records,
        long orders,
        long equal,
        long mended,
        long left,
        long notInTopics,
        long unreadable,
        String failure) {

    static final RebuildProgress NONE = new RebuildProgress(0, 0, 0, 0, 0, 0, 0, "");

    RebuildProgress read(int more, int unreadableOfThem) {
        return new RebuildProgress(
                records + more, orders, equal, mended, left, notInTopics, unreadable + unreadableOfThem, failure);
    }

    /** Some of them compared: counted exactly when all are. */
    RebuildProgress compared(int asTheyShould, int put) {
        return new RebuildProgress(
                records, orders, equal + asTheyShould, mended + put, left, notInTopics, unreadable, failure);
    }

    RebuildProgress with(Tally tally) {
        return new RebuildProgress(
                records,
                tally.orders(),
                tally.equal(),
                tally.mended(),
                tally.orders() - tally.equal() - tally.mended(),
                notInTopics,
                unreadable,
                failure);
    }

    RebuildProgress withNotInTopics(long views) {
        return new RebuildProgress(records, orders, equal, mended, left, views, unreadable, failure);
    }

    RebuildProgress failed(String why) {
        return new RebuildProgress(records, orders, equal, mended, left, notInTopics, unreadable, why);
    }

    /** What the comparison has come to. */
    record Tally(long orders, long equal, long mended) {}
}
