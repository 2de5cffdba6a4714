package caravan.order.replica;

import caravan.common.sql.WalPosition;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What the replica is good for. Pure: times are nanoseconds of one clock that never goes back. */
sealed interface ReplicaState {

    /** What decides about the rotation. */
    record Limits(Duration mostLag, Duration backAfter) {

        /** Out at the limit, back at half of it: what is just at it does not go in and out with every look. */
        boolean isClose(Duration lag) {
            return lag.compareTo(mostLag.dividedBy(2)) < 0;
        }

        boolean isTooFar(Duration lag) {
            return lag.compareTo(mostLag) > 0;
        }
    }

    /** A look found it at {@code replayed}, that much behind. */
    ReplicaState seen(WalPosition replayed, Duration lag, long nowNs, Limits limits);

    /** Why a read with this token is answered by one or the other; {@link Reason#BEHIND} may be another in a moment. */
    Reason reason(Optional<WalPosition> token, long nowNs, Limits limits);

    /** Empty when it is not known. */
    Optional<Duration> lag();

    /** Whether reads that ask for nothing in particular go there. */
    default boolean serves(long nowNs, Limits limits) {
        return reason(Optional.empty(), nowNs, limits) == Reason.ANY;
    }

    /**
     * There is none, or it does not answer.
     *
     * @param why for people
     */
    record Away(String why) implements ReplicaState {

        @Override
        public ReplicaState seen(WalPosition replayed, Duration lag, long nowNs, Limits limits) {
            return new Lagging(lag, OptionalLong.empty()).seen(replayed, lag, nowNs, limits);
        }

        @Override
        public Reason reason(Optional<WalPosition> token, long nowNs, Limits limits) {
            return Reason.AWAY;
        }

        @Override
        public Optional<Duration> lag() {
            return Optional.empty();
        }
    }

    /**
     * It answers, and was too far behind.
     *
     * @param closeSinceNs since when it has been close enough to come back; empty while it is not
     */
    record Lagging(Duration behind, OptionalLong closeSinceNs) implements ReplicaState {

        @Override
        public ReplicaState seen(WalPosition replayed, Duration lag, long nowNs, Limits limits) {
            if (!limits.isClose(lag)) {
                return new Lagging(lag, OptionalLong.empty());
            }
            long sinceNs = closeSinceNs.orElse(nowNs);
            return nowNs - sinceNs >= limits.backAfter().toNanos()
                    ? new InRotation(replayed, lag, nowNs)
                    : new Lagging(lag, OptionalLong.of(sinceNs));
        }

        @Override
        public Reason reason(Optional<WalPosition> token, long nowNs, Limits limits) {
            return Reason.LAGGING;
        }

        @Override
        public Optional<Duration> lag() {
            return Optional.of(behind);
        }
    }

    /**
     * It may answer.
     *
     * @param replayed it had so much at the last look, before any read that is decided by it
     * @param seenNs when that look began
     */
    record InRotation(WalPosition replayed, Duration behind, long seenNs) implements ReplicaState {

        @Override
        public ReplicaState seen(WalPosition now, Duration lag, long nowNs, Limits limits) {
            return limits.isTooFar(lag) ? new Lagging(lag, OptionalLong.empty()) : new InRotation(now, lag, nowNs);
        }

        @Override
        public Reason reason(Optional<WalPosition> token, long nowNs, Limits limits) {
            // While a look gets no answer the replica may stand still: it ages with the look before.
            if (limits.isTooFar(behind.plusNanos(nowNs - seenNs))) {
                return Reason.LAGGING;
            }
            if (token.isEmpty()) {
                return Reason.ANY;
            }
            return replayed.reaches(token.get()) ? Reason.REPLAYED : Reason.BEHIND;
        }

        @Override
        public Optional<Duration> lag() {
            return Optional.of(behind);
        }
    }
}
