package caravan.notification;

import java.time.Duration;

/** Where a confirmation that is SENDING goes from here: a pure decision. */
sealed interface Verdict {

    record Sent() implements Verdict {}

    record Again(Duration delay, String reason) implements Verdict {}

    record Failed(String reason) implements Verdict {}

    record Uncertain(String reason) implements Verdict {}

    /**
     * Bounds of the retries.
     *
     * @param attempts how often it may be tried
     * @param first wait before the second try; doubled each time
     */
    record Policy(int attempts, Duration first, Duration longest) {

        public Policy {
            if (attempts < 1 || first.isNegative() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException("no policy: " + attempts + " tries, " + first + " to " + longest);
            }
        }

        private Duration waitAfter(int attempt) {
            // 2^20 seconds are 12 days: nothing longer is ever wanted, and the shift cannot overflow.
            Duration wait = first.multipliedBy(1L << Math.min(attempt - 1, 20));
            return wait.compareTo(longest) < 0 ? wait : longest;
        }
    }

    /** The next move; {@code attempt} is 1 for the first try. */
    static Verdict of(Outcome outcome, int attempt, Policy policy) {
        return switch (outcome) {
            case Outcome.Accepted _ -> new Sent();
            case Outcome.Refused refused ->
                attempt < policy.attempts()
                        ? new Again(policy.waitAfter(attempt), refused.reason())
                        : new Failed("gave up after " + attempt + " tries: " + refused.reason());
            case Outcome.Rejected rejected -> new Failed(rejected.reason());
            case Outcome.Unknown unknown -> new Uncertain(unknown.reason());
        };
    }

    default State state() {
        return switch (this) {
            case Sent _ -> State.SENT;
            case Again _ -> State.PENDING;
            case Failed _ -> State.FAILED;
            case Uncertain _ -> State.UNCERTAIN;
        };
    }
}
