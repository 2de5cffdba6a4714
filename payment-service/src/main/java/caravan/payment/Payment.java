package caravan.payment;

import caravan.common.contract.Money;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.Reply;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.TraceContext;
import caravan.payment.CardNetwork.Call;
import caravan.payment.CardNetwork.Outcome;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one payment of an order. Its verbs are pure: each gives the payment as it is then, and who is to be told what.
 *
 * @param charge the command that asked for it; its text is the key at the card network
 * @param token only while a charge may still be tried
 * @param refunds the commands that wait for the refund
 * @param trace of the command that asked for what is to be done, or was done last
 */
record Payment(
        UUID orderId,
        MessageId charge,
        Money amount,
        @Nullable CardToken token,
        State state,
        Books books,
        Tries tries,
        Set<MessageId> refunds,
        TraceContext trace) {

    static final String DOWN = "card network is down";
    static final String BLOCKED = "reversed at the card network";

    /** Where a payment stands, and what the card network is to be asked for. */
    enum State {
        REQUESTED(Call.CHARGE),
        QUEUED(Call.CHARGE),
        CAPTURED(null),
        DECLINED(null),
        CANCELLED(null),
        REFUND_REQUESTED(Call.REVERSAL),
        REFUNDED(null);

        private final @Nullable Call call;

        State(@Nullable Call call) {
            this.call = call;
        }

        /** Empty when nothing is left to do. */
        Optional<Call> call() {
            return Optional.ofNullable(call);
        }
    }

    /** The money. {@code capturedMinor} is nothing or the whole amount; never is more refunded than captured. */
    record Books(
            long capturedMinor,
            long refundedMinor,
            @Nullable String chargeId) {
        static final Books EMPTY = new Books(0, 0, null);
    }

    /**
     * @param made how often the network may have been asked for what is wanted now; counted before the call, so that 0 is
     *     certain
     * @param suspect the last call was not answered: tried again beside the others
     * @param next when to try (again); null when nothing is left to do
     * @param leasedUntil somebody is at it until then
     */
    record Tries(
            int made,
            boolean suspect,
            @Nullable Instant next,
            @Nullable Instant leasedUntil) {

        static Tries at(Instant next) {
            return new Tries(0, false, next, null);
        }

        Tries again(Instant then, boolean unanswered) {
            return new Tries(made, unanswered, then, null);
        }

        Tries over() {
            return new Tries(made, false, null, null);
        }
    }

    /** The payment after something happened, and the replies that follow from it. */
    record Change(Payment payment, Map<MessageId, Reply> replies) {}

    static Payment requested(MessageId id, ChargePayment command, TraceContext trace, Instant now) {
        Money amount = command.amount();
        if (amount == null || amount.amountMinor() <= 0) {
            throw new PoisonException("no amount above 0 to charge");
        }
        if (command.cardToken() == null || command.cardToken().isBlank()) {
            throw new PoisonException("no card token to charge");
        }
        CardToken token = new CardToken(command.cardToken());
        return new Payment(
                command.orderId(), id, amount, token, State.REQUESTED, Books.EMPTY, Tries.at(now), Set.of(), trace);
    }

    String key() {
        return charge.toString();
    }

    /** What to ask for, for a payment that was taken because something is left to do. */
    Call call() {
        return state.call()
                .orElseThrow(() -> new IllegalStateException("nothing to ask for " + orderId + ": " + state));
    }

    /** What is still to be done is done for {@code cause}, whose trace it continues. */
    Payment because(TraceContext cause) {
        return switch (state) {
            case REQUESTED, QUEUED, CAPTURED, REFUND_REQUESTED ->
                new Payment(orderId, charge, amount, token, state, books, tries, refunds, cause);
            case DECLINED, CANCELLED, REFUNDED -> this;
        };
    }

    /** The money is to go back, or never to be taken. */
    Change refund(MessageId command, Instant now) {
        return switch (state) {
            case REQUESTED, QUEUED -> tries.made == 0 ? cancelled() : refundWanted(command, Tries.at(now));
            case CAPTURED -> refundWanted(command, Tries.at(now));
            case REFUND_REQUESTED -> refundWanted(command, tries);
            case DECLINED, CANCELLED, REFUNDED -> unchanged();
        };
    }

    /** @param retryAt when to try again where the outcome leaves something to do */
    Change after(Call call, Outcome outcome, Instant retryAt) {
        return switch (outcome) {
            case Outcome.Captured captured -> captured(captured.chargeId(), retryAt);
            case Outcome.Declined declined -> declined(declined.reason());
            case Outcome.Blocked _ -> declined(BLOCKED);
            case Outcome.Reversed reversed -> reversed(reversed.refundedMinor(), retryAt);
            case Outcome.Unavailable _ -> again(call, retryAt, false);
            case Outcome.Unanswered _ -> again(call, retryAt, true);
            case Outcome.Prevented _ -> state.call().equals(Optional.of(call)) ? putOff(retryAt) : unchanged();
        };
    }

    /** Nobody can be asked before {@code until}. */
    Change putOff(Instant until) {
        Reply deferred = new Reply.Deferred(until, DOWN);
        return switch (state) {
            case REQUESTED, QUEUED ->
                new Change(
                        with(State.QUEUED, token, books, tries.again(until, tries.suspect)), Map.of(charge, deferred));
            case REFUND_REQUESTED ->
                new Change(with(state, token, books, tries.again(until, tries.suspect)), toRefunds(deferred));
            case CAPTURED, DECLINED, CANCELLED, REFUNDED -> unchanged();
        };
    }

    private Change captured(String chargeId, Instant now) {
        Books full = new Books(amount.amountMinor(), books.refundedMinor, chargeId);
        return switch (state) {
            case REQUESTED, QUEUED ->
                new Change(
                        with(State.CAPTURED, null, full, tries.over()),
                        Map.of(charge, new Reply.PaymentCharged(chargeId, amount)));
            case CAPTURED -> unchanged();
            // The books are right, the reversal is still to come.
            case REFUND_REQUESTED -> new Change(with(state, null, full, tries), Map.of());
            case REFUNDED ->
                books.refundedMinor == amount.amountMinor()
                        ? new Change(with(state, null, full, tries), Map.of())
                        : goingBack(full, now);
            // Neither can be; a capture that nobody expects must not stay.
            case DECLINED, CANCELLED -> goingBack(full, now);
        };
    }

    private Change declined(String reason) {
        return switch (state) {
            case REQUESTED, QUEUED ->
                new Change(
                        with(State.DECLINED, null, books, tries.over()),
                        Map.of(charge, new Reply.CardDeclined(reason)));
            case CAPTURED, DECLINED, CANCELLED, REFUND_REQUESTED, REFUNDED -> unchanged();
        };
    }

    private Change reversed(long refundedMinor, Instant retryAt) {
        if (state != State.REFUND_REQUESTED) {
            return unchanged();
        }
        boolean whole = refundedMinor == amount.amountMinor() || (refundedMinor == 0 && books.capturedMinor == 0);
        if (!whole) {
            return again(Call.REVERSAL, retryAt, false);
        }
        Map<MessageId, Reply> replies = toRefunds(new Reply.PaymentRefunded());
        // Counts only where the charge was never answered: what is on record stays.
        replies.put(charge, new Reply.Refused());
        Books even = new Books(refundedMinor, refundedMinor, books.chargeId);
        return new Change(with(State.REFUNDED, null, even, tries.over()), replies);
    }

    private Change again(Call call, Instant retryAt, boolean unanswered) {
        if (!state.call().equals(Optional.of(call))) {
            return unchanged();
        }
        State trying = state == State.QUEUED ? State.REQUESTED : state;
        return new Change(with(trying, token, books, tries.again(retryAt, unanswered)), Map.of());
    }

    private Change cancelled() {
        return new Change(with(State.CANCELLED, null, books, tries.over()), Map.of(charge, new Reply.Refused()));
    }

    private Change goingBack(Books full, Instant now) {
        Books open = new Books(full.capturedMinor, 0, full.chargeId);
        return new Change(with(State.REFUND_REQUESTED, null, open, Tries.at(now)), Map.of());
    }

    private Change refundWanted(MessageId command, Tries next) {
        Set<MessageId> waiting = new LinkedHashSet<>(refunds);
        waiting.add(command);
        return new Change(
                new Payment(orderId, charge, amount, null, State.REFUND_REQUESTED, books, next, waiting, trace),
                Map.of());
    }

    private Change unchanged() {
        return new Change(this, Map.of());
    }

    private Map<MessageId, Reply> toRefunds(Reply reply) {
        Map<MessageId, Reply> replies = new LinkedHashMap<>();
        List.copyOf(refunds).forEach(id -> replies.put(id, reply));
        return replies;
    }

    private Payment with(State next, @Nullable CardToken card, Books money, Tries work) {
        return new Payment(orderId, charge, amount, card, next, money, work, refunds, trace);
    }
}
