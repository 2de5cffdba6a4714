package caravan.payment;

import io.smallrye.mutiny.Uni;

/** The card network. What it says is an item; that it said nothing usable is a failure. */
interface CardNetwork {

    /** What can be asked of it. */
    enum Call {
        CHARGE,
        REVERSAL
    }

    /** What came of a call. */
    sealed interface Outcome {

        record Captured(String chargeId) implements Outcome {}

        record Declined(String reason) implements Outcome {}

        /** A charge under a key that was reversed: nothing is captured, and never will be. */
        record Blocked() implements Outcome {}

        /** Nothing is captured under the key from now on; {@code refundedMinor} was, and went back. */
        record Reversed(long refundedMinor) implements Outcome {}

        /** The network, or the way to it, failed. */
        record Unavailable(String why) implements Outcome {}

        /** No answer in time: it may have happened or not. */
        record Unanswered() implements Outcome {}

        /** Not asked: the breaker is open. */
        record Prevented() implements Outcome {}
    }

    /** The network knows again what it did for the payment: asking twice charges once. */
    Uni<Outcome> charge(Payment payment);

    /** Gives back what was captured for the payment, and blocks its key for ever. */
    Uni<Outcome> reverse(Payment payment);

    default Uni<Outcome> ask(Call call, Payment payment) {
        return switch (call) {
            case CHARGE -> charge(payment);
            case REVERSAL -> reverse(payment);
        };
    }
}
