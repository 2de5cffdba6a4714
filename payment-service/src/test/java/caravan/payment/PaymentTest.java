package caravan.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Money;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.Reply;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.TraceContext;
import caravan.payment.CardNetwork.Call;
import caravan.payment.CardNetwork.Outcome;
import caravan.payment.CardNetwork.Outcome.Blocked;
import caravan.payment.CardNetwork.Outcome.Captured;
import caravan.payment.CardNetwork.Outcome.Declined;
import caravan.payment.CardNetwork.Outcome.Prevented;
import caravan.payment.CardNetwork.Outcome.Reversed;
import caravan.payment.CardNetwork.Outcome.Unanswered;
import caravan.payment.CardNetwork.Outcome.Unavailable;
import caravan.payment.Payment.Books;
import caravan.payment.Payment.Change;
import caravan.payment.Payment.State;
import caravan.payment.Payment.Tries;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaymentTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(7);
    private static final Money TWENTY = new Money(2_000, "EUR");
    private static final MessageId CHARGE = new MessageId(UUID.randomUUID(), "charge-payment", Direction.DO);
    private static final MessageId UNDO = new MessageId(CHARGE.sagaId(), "charge-payment", Direction.UNDO);
    private static final Captured CAPTURED = new Captured("ch_1");

    private final Payment requested = Payment.requested(CHARGE, command("tok_ok"), TraceContext.NONE, NOW);
    private final Payment sent = sent(requested);

    @Test
    void isChargedOnce() {
        Change charged = sent.after(Call.CHARGE, CAPTURED, NOW);
        Change again = charged.payment().after(Call.CHARGE, CAPTURED, NOW);

        assertThat(charged.replies()).containsExactly(Map.entry(CHARGE, new Reply.PaymentCharged("ch_1", TWENTY)));
        assertThat(charged.payment().state()).isEqualTo(State.CAPTURED);
        assertThat(charged.payment().books()).isEqualTo(new Books(2_000, 0, "ch_1"));
        assertThat(charged.payment().token()).isNull();
        assertThat(again).isEqualTo(new Change(charged.payment(), Map.of()));
    }

    @Test
    void isDeclinedWithTheReasonOfTheNetwork() {
        Change declined = sent.after(Call.CHARGE, new Declined("insufficient-funds"), NOW);

        assertThat(declined.replies()).containsEntry(CHARGE, new Reply.CardDeclined("insufficient-funds"));
        assertThat(declined.payment().state()).isEqualTo(State.DECLINED);
        assertThat(sent.after(Call.CHARGE, new Blocked(), NOW).replies())
                .containsEntry(CHARGE, new Reply.CardDeclined(Payment.BLOCKED));
    }

    @Test
    void triesAgainAfterATechnicalFaultAndSaysNothing() {
        Change refused = sent.after(Call.CHARGE, new Unavailable("503"), LATER);
        Change silent = sent.after(Call.CHARGE, new Unanswered(), LATER);

        assertThat(refused.replies()).isEmpty();
        assertThat(refused.payment().tries()).isEqualTo(new Tries(1, false, LATER, null));
        assertThat(silent.replies()).isEmpty();
        assertThat(silent.payment().tries()).isEqualTo(new Tries(1, true, LATER, null));
    }

    @Test
    void isQueuedWhileNobodyCanBeAskedAndChargedAfterwards() {
        Change queued = requested.putOff(LATER);
        Payment again = sent(queued.payment());

        assertThat(queued.replies()).containsExactly(Map.entry(CHARGE, new Reply.Deferred(LATER, Payment.DOWN)));
        assertThat(queued.payment().state()).isEqualTo(State.QUEUED);
        assertThat(again.after(Call.CHARGE, new Prevented(), LATER.plusSeconds(1))
                        .replies())
                .containsEntry(CHARGE, new Reply.Deferred(LATER.plusSeconds(1), Payment.DOWN));
        assertThat(again.after(Call.CHARGE, CAPTURED, NOW).payment().state()).isEqualTo(State.CAPTURED);
        assertThat(again.after(Call.CHARGE, new Unanswered(), LATER).payment().state())
                .isEqualTo(State.REQUESTED);
    }

    @Test
    void isCancelledWhenTheNetworkWasNeverAsked() {
        for (Payment unsent : List.of(requested, requested.putOff(LATER).payment())) {
            Change cancelled = unsent.refund(UNDO, NOW);

            assertThat(cancelled.payment().state()).isEqualTo(State.CANCELLED);
            assertThat(cancelled.payment().token()).isNull();
            assertThat(cancelled.replies()).containsExactly(Map.entry(CHARGE, new Reply.Refused()));
        }
    }

    @Test
    void reversesWhatWasCaptured() {
        Payment captured = sent.after(Call.CHARGE, CAPTURED, NOW).payment();

        Change asked = captured.refund(UNDO, NOW);
        Change refunded = sent(asked.payment()).after(Call.REVERSAL, new Reversed(2_000), NOW);

        assertThat(asked.payment().call()).isEqualTo(Call.REVERSAL);
        assertThat(asked.replies()).isEmpty();
        assertThat(refunded.payment().state()).isEqualTo(State.REFUNDED);
        assertThat(refunded.payment().books()).isEqualTo(new Books(2_000, 2_000, "ch_1"));
        assertThat(refunded.replies()).containsEntry(UNDO, new Reply.PaymentRefunded());
    }

    @Test
    void reversesWhatMayHaveBeenCaptured() {
        Payment asked = sent.refund(UNDO, NOW).payment();

        Payment wasCaptured =
                asked.after(Call.REVERSAL, new Reversed(2_000), NOW).payment();
        Payment wasNot = asked.after(Call.REVERSAL, new Reversed(0), NOW).payment();

        assertThat(wasCaptured.books()).isEqualTo(new Books(2_000, 2_000, null));
        assertThat(wasNot.books()).isEqualTo(Books.EMPTY);
    }

    @Test
    void stillReversesWhenTheChargeComesThroughAfterTheUndo() {
        Payment asked = sent.refund(UNDO, NOW).payment();

        Change late = asked.after(Call.CHARGE, CAPTURED, LATER);

        assertThat(late.replies()).isEmpty();
        assertThat(late.payment().state()).isEqualTo(State.REFUND_REQUESTED);
        assertThat(late.payment().books()).isEqualTo(new Books(2_000, 0, "ch_1"));
        assertThat(late.payment().tries()).isEqualTo(asked.tries());
    }

    @Test
    void keepsItsBooksWhenTheChargeIsHeardOfAfterTheRefund() {
        Payment refunded = sent.refund(UNDO, NOW)
                .payment()
                .after(Call.REVERSAL, new Reversed(2_000), NOW)
                .payment();

        Change late = refunded.after(Call.CHARGE, CAPTURED, LATER);

        assertThat(late.replies()).isEmpty();
        assertThat(late.payment().state()).isEqualTo(State.REFUNDED);
        assertThat(late.payment().books()).isEqualTo(new Books(2_000, 2_000, "ch_1"));
    }

    @Test
    void doesNotPutTheReversalOffWhenTheChargeFailsLate() {
        Payment asked = sent.refund(UNDO, NOW).payment();

        for (Outcome late : List.of(new Unanswered(), new Unavailable("503"), new Prevented(), new Declined("no"))) {
            assertThat(asked.after(Call.CHARGE, late, LATER)).isEqualTo(new Change(asked, Map.of()));
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void neverKeepsACaptureThatNobodyExpects(State state) {
        Payment before = in(state);

        Payment after = before.after(Call.CHARGE, CAPTURED, NOW).payment();

        switch (state) {
            case REQUESTED, QUEUED, CAPTURED -> assertThat(after.state()).isEqualTo(State.CAPTURED);
            case DECLINED, CANCELLED, REFUND_REQUESTED, REFUNDED -> {
                assertThat(after.state()).isEqualTo(State.REFUND_REQUESTED);
                assertThat(after.tries().next()).isEqualTo(NOW);
                assertThat(after.books().capturedMinor()).isEqualTo(2_000);
            }
        }
    }

    @Test
    void doesNotBelieveAReversalThatGaveBackLessThanWasCaptured() {
        Payment asked = sent.after(Call.CHARGE, CAPTURED, NOW)
                .payment()
                .refund(UNDO, NOW)
                .payment();

        Change partly = asked.after(Call.REVERSAL, new Reversed(0), LATER);

        assertThat(partly.payment().state()).isEqualTo(State.REFUND_REQUESTED);
        assertThat(partly.payment().tries().next()).isEqualTo(LATER);
        assertThat(partly.replies()).isEmpty();
    }

    @Test
    void answersEveryCommandThatWaitsForTheRefund() {
        MessageId other = new MessageId(UUID.randomUUID(), "refund-payment", Direction.DO);
        Payment asked = sent.refund(UNDO, NOW).payment().refund(other, NOW).payment();

        Change refunded = asked.after(Call.REVERSAL, new Reversed(0), NOW);

        assertThat(refunded.replies())
                .containsEntry(UNDO, new Reply.PaymentRefunded())
                .containsEntry(other, new Reply.PaymentRefunded());
    }

    @Test
    void defersTheRefundTooWhileNobodyCanBeAsked() {
        Payment asked = sent.refund(UNDO, NOW).payment();

        Change off = asked.putOff(LATER);

        assertThat(off.payment().state()).isEqualTo(State.REFUND_REQUESTED);
        assertThat(off.replies()).containsExactly(Map.entry(UNDO, new Reply.Deferred(LATER, Payment.DOWN)));
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"DECLINED", "CANCELLED", "REFUNDED"})
    void hasNothingToGiveBackTwice(State state) {
        Payment even = in(state);

        assertThat(even.refund(UNDO, NOW)).isEqualTo(new Change(even, Map.of()));
    }

    @Test
    void doesNotAcceptAChargeOfNothing() {
        for (long minor : new long[] {0, -1}) {
            ChargePayment command = new ChargePayment(UUID.randomUUID(), new Money(minor, "EUR"), "tok_ok");
            assertThatThrownBy(() -> Payment.requested(CHARGE, command, TraceContext.NONE, NOW))
                    .isInstanceOf(PoisonException.class);
        }
        assertThatThrownBy(() -> Payment.requested(CHARGE, command(" "), TraceContext.NONE, NOW))
                .isInstanceOf(PoisonException.class);
    }

    @Test
    void doesNotPrintItsToken() {
        assertThat(requested.toString()).doesNotContain("tok_ok");
    }

    private Payment in(State state) {
        return switch (state) {
            case REQUESTED -> sent;
            case QUEUED -> sent.putOff(LATER).payment();
            case CAPTURED -> sent.after(Call.CHARGE, CAPTURED, NOW).payment();
            case DECLINED -> sent.after(Call.CHARGE, new Declined("no"), NOW).payment();
            case CANCELLED -> requested.refund(UNDO, NOW).payment();
            case REFUND_REQUESTED -> sent.refund(UNDO, NOW).payment();
            case REFUNDED ->
                in(State.REFUND_REQUESTED)
                        .after(Call.REVERSAL, new Reversed(0), NOW)
                        .payment();
        };
    }

    /** As the store gives it out: the try is counted first. */
    private static Payment sent(Payment payment) {
        Tries tries = payment.tries();
        return new Payment(
                payment.orderId(),
                payment.charge(),
                payment.amount(),
                payment.token(),
                payment.state(),
                payment.books(),
                new Tries(tries.made() + 1, tries.suspect(), tries.next(), NOW.plusSeconds(30)),
                payment.refunds(),
                payment.trace());
    }

    private static ChargePayment command(String token) {
        return new ChargePayment(UUID.randomUUID(), TWENTY, token);
    }
}
