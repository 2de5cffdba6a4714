package caravan.fleet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.audit.Facts.Mails;
import caravan.fleet.audit.Facts.OrderFacts;
import caravan.fleet.audit.Facts.PaymentFacts;
import caravan.fleet.audit.Facts.SagaFacts;
import caravan.fleet.audit.Facts.ViewFacts;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FactsTest {

    private static final OrderFacts APPROVED = new OrderFacts("APPROVED", 500, false, false);
    private static final OrderFacts REJECTED = new OrderFacts("REJECTED", 500, false, false);
    private static final OrderFacts CANCELLED = new OrderFacts("CANCELLED", 500, true, false);
    private static final ViewFacts SHOWN_CANCELLED = new ViewFacts("CANCELLED", 12);
    private static final SagaFacts TOO_LATE = new SagaFacts("COMPENSATED", 3);
    private static final SagaFacts COMPLETED = new SagaFacts("COMPLETED", 6);
    private static final SagaFacts COMPENSATED = new SagaFacts("COMPENSATED", 7);
    private static final PaymentFacts PAID = new PaymentFacts("CAPTURED", 500, 500, 0);
    private static final PaymentFacts REFUNDED = new PaymentFacts("REFUNDED", 500, 500, 500);
    private static final ViewFacts SHOWN = new ViewFacts("APPROVED", 6);
    private static final ViewFacts SHOWN_REJECTED = new ViewFacts("REJECTED", 7);

    @Test
    void isContentWithAnApprovedOrderThatHasEverything() {
        assertThat(facts(APPROVED, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .isEmpty();
    }

    @Test
    void isContentWithARejectedOrderThatHasNothingLeft() {
        assertThat(facts(REJECTED, COMPENSATED, 0, REFUNDED, "CANCELLED", 0, SHOWN_REJECTED)
                        .violations())
                .isEmpty();
    }

    @Test
    void saysNothingOfTheEndWhileTheSagaIsUnderWay() {
        assertThat(facts(
                                new OrderFacts("PLACED", 500, false, false),
                                new SagaFacts("RUNNING", 3),
                                2,
                                PAID,
                                null,
                                0,
                                null)
                        .violations())
                .isEmpty();
    }

    @Test
    void missesTheParcelTheMoneyTheStockAndTheConfirmation() {
        assertThat(facts(APPROVED, COMPLETED, 1, null, null, 0, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(
                        Invariant.APPROVED_HAS_ALL,
                        Invariant.APPROVED_HAS_ALL,
                        Invariant.APPROVED_HAS_ALL,
                        Invariant.ONE_CONFIRMATION);
    }

    @Test
    void findsWhatWasNotGivenBack() {
        assertThat(facts(REJECTED, COMPENSATED, 2, PAID, "ARRANGED", 1, SHOWN_REJECTED)
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.ONE_CONFIRMATION);
    }

    @Test
    void findsAnOrderWithoutSagaAndRowsWithoutOrder() {
        assertThat(facts(APPROVED, null, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_SAGA);
        assertThat(facts(null, COMPLETED, 2, PAID, "ARRANGED", 1, null).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_SAGA);
    }

    @Test
    void judgesAnOrderWhoseSagaIsForgottenByItsStatus() {
        assertThat(forgotten("APPROVED", null, 2, PAID, "DISPATCHED", new Mails(1, 0)))
                .isEmpty();
        assertThat(forgotten("REJECTED", null, 0, REFUNDED, "CANCELLED", new Mails(0, 0)))
                .isEmpty();
        assertThat(forgotten("CANCELLED", null, 0, REFUNDED, null, new Mails(0, 0)))
                .isEmpty();
        assertThat(forgotten("CANCELLED", null, 0, REFUNDED, "CANCELLED", new Mails(1, 1)))
                .isEmpty();
        assertThat(forgotten("APPROVED", null, 0, PAID, "CANCELLED", new Mails(0, 0)))
                .extracting(Violation::invariant)
                .containsExactly(Invariant.APPROVED_HAS_ALL, Invariant.APPROVED_HAS_ALL, Invariant.ONE_CONFIRMATION);
        assertThat(forgotten("CANCELLED", null, 0, REFUNDED, "CANCELLED", new Mails(1, 0)))
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_CONFIRMATION, Invariant.ONE_CANCELLATION);
    }

    @Test
    void judgesTheCancellingOfAnOrderWhosePlacingIsForgotten() {
        SagaFacts done = new SagaFacts("COMPLETED", 6);

        assertThat(forgotten("CANCELLED", done, 0, REFUNDED, "CANCELLED", new Mails(1, 1)))
                .isEmpty();
        assertThat(forgotten("APPROVED", done, 0, REFUNDED, "CANCELLED", new Mails(1, 1)))
                .extracting(Violation::invariant)
                .contains(Invariant.ORDER_AGREES);
        assertThat(forgotten("APPROVED", TOO_LATE, 2, PAID, "DISPATCHED", new Mails(1, 0)))
                .isEmpty();
    }

    @Test
    void findsAForgottenOrderThatBeganAnewOrNeverEnded() {
        OrderFacts order = new OrderFacts("APPROVED", 500, false, true);

        assertThat(facts(order, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_SAGA);
        assertThat(forgotten("PLACED", null, 0, null, null, new Mails(0, 0)))
                .extracting(Violation::invariant)
                .containsExactly(Invariant.SAGA_ENDS);
    }

    @Test
    void findsAReadModelThatLagsOrDiffers() {
        assertThat(facts(APPROVED, COMPLETED, 2, PAID, "ARRANGED", 1, new ViewFacts("APPROVED", 5))
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.VIEW_IS_FOLD);
    }

    @Test
    void findsARefundAboveItsCapture() {
        PaymentFacts broken = new PaymentFacts("REFUNDED", 500, 500, 600);
        assertThat(facts(REJECTED, COMPENSATED, 0, broken, null, 0, SHOWN_REJECTED)
                        .violations())
                .extracting(Violation::invariant)
                .contains(Invariant.CAPTURED_ONCE);
    }

    @Test
    void isContentWithAnOrderThatWasCancelledAfterItsApproval() {
        assertThat(cancelled(CANCELLED, new SagaFacts("COMPLETED", 6), 0, REFUNDED, "CANCELLED", 1, SHOWN_CANCELLED)
                        .violations())
                .isEmpty();
    }

    @Test
    void isContentWithAnOrderThatWasCancelledBeforeItsApproval() {
        assertThat(facts(CANCELLED, COMPENSATED, 0, REFUNDED, null, 0, new ViewFacts("CANCELLED", 7))
                        .violations())
                .isEmpty();
    }

    @Test
    void isContentWithAnOrderWhoseParcelHadLeft() {
        assertThat(cancelled(APPROVED, TOO_LATE, 2, PAID, "DISPATCHED", 0, new ViewFacts("APPROVED", 9))
                        .violations())
                .isEmpty();
    }

    @Test
    void findsWhatACancelledOrderStillHas() {
        assertThat(cancelled(CANCELLED, new SagaFacts("COMPLETED", 6), 2, PAID, "DISPATCHED", 2, SHOWN_CANCELLED)
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.REJECTED_HAS_NONE,
                        Invariant.ONE_CANCELLATION);
    }

    @Test
    void findsACancellationThatNobodyDoesOrThatWasRefusedForNothing() {
        OrderFacts neglected = new OrderFacts("APPROVED", 500, true, false);

        assertThat(facts(neglected, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.CANCEL_ENDS);
        assertThat(cancelled(APPROVED, TOO_LATE, 2, PAID, "ARRANGED", 0, new ViewFacts("APPROVED", 9))
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.CANCEL_ENDS);
    }

    @Test
    void findsACancelledOrderThatItsSagasKnowNothingOf() {
        assertThat(facts(CANCELLED, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .contains(Invariant.ORDER_AGREES);
    }

    @Test
    void saysNothingOfTheEndWhileItIsBeingCancelled() {
        assertThat(cancelled(APPROVED, new SagaFacts("RUNNING", 3), 2, REFUNDED, "CANCELLED", 0, SHOWN)
                        .violations())
                .isEmpty();
    }

    @Test
    void ordersIdsAsPostgresDoes() {
        UUID low = UUID.fromString("00000000-0000-7000-8000-000000000000");
        UUID high = UUID.fromString("ffffffff-0000-7000-8000-000000000000");
        assertThat(Rows.compare(low, high)).isNegative();
    }

    private static Facts facts(
            @Nullable OrderFacts order,
            @Nullable SagaFacts saga,
            long reserved,
            @Nullable PaymentFacts payment,
            @Nullable String shipment,
            long confirmations,
            @Nullable ViewFacts view) {
        return new Facts(
                UUID.randomUUID(),
                order,
                saga,
                null,
                reserved,
                2,
                payment,
                shipment,
                new Mails(confirmations, 0),
                view);
    }

    private static Facts cancelled(
            OrderFacts order,
            SagaFacts cancel,
            long reserved,
            PaymentFacts payment,
            String shipment,
            long cancellations,
            ViewFacts view) {
        Mails mails = new Mails(1, cancellations);
        return new Facts(UUID.randomUUID(), order, COMPLETED, cancel, reserved, 2, payment, shipment, mails, view);
    }

    private static List<Violation> forgotten(
            String status,
            @Nullable SagaFacts cancel,
            long reserved,
            @Nullable PaymentFacts payment,
            @Nullable String shipment,
            Mails mails) {
        OrderFacts order = new OrderFacts(status, 500, status.equals("CANCELLED"), true);
        ViewFacts view = new ViewFacts(status, 9);
        return new Facts(UUID.randomUUID(), order, null, cancel, reserved, 2, payment, shipment, mails, view)
                .violations();
    }
}
