package caravan.audit;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.Saga;
import caravan.audit.OrderFacts.View;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderFactsTest {

    private static final Order APPROVED = new Order("APPROVED", 500, false, false);
    private static final Order REJECTED = new Order("REJECTED", 500, false, false);
    private static final Order CANCELLED = new Order("CANCELLED", 500, true, false);
    private static final View SHOWN_CANCELLED = new View("CANCELLED", 12);
    private static final Saga TOO_LATE = new Saga("COMPENSATED", 3, Set.of());
    private static final Saga COMPLETED = new Saga("COMPLETED", 6, Set.of());
    private static final Saga COMPENSATED = new Saga("COMPENSATED", 7, Set.of());
    private static final Payment PAID = new Payment("CAPTURED", 500, 500, 0);
    private static final Payment REFUNDED = new Payment("REFUNDED", 500, 500, 500);
    private static final View SHOWN = new View("APPROVED", 6);
    private static final View SHOWN_REJECTED = new View("REJECTED", 7);

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
                                new Order("PLACED", 500, false, false),
                                new Saga("RUNNING", 3, Set.of()),
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
        Saga done = new Saga("COMPLETED", 6, Set.of());

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
        Order order = new Order("APPROVED", 500, false, true);

        assertThat(facts(order, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_SAGA);
        assertThat(forgotten("PLACED", null, 0, null, null, new Mails(0, 0)))
                .extracting(Violation::invariant)
                .containsExactly(Invariant.SAGA_ENDS);
    }

    @Test
    void findsAReadModelThatLagsOrDiffers() {
        assertThat(facts(APPROVED, COMPLETED, 2, PAID, "ARRANGED", 1, new View("APPROVED", 5))
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.VIEW_IS_FOLD);
    }

    @Test
    void findsARefundAboveItsCapture() {
        Payment broken = new Payment("REFUNDED", 500, 500, 600);
        assertThat(facts(REJECTED, COMPENSATED, 0, broken, null, 0, SHOWN_REJECTED)
                        .violations())
                .extracting(Violation::invariant)
                .contains(Invariant.CAPTURED_ONCE);
    }

    @Test
    void isContentWithAnOrderThatWasCancelledAfterItsApproval() {
        assertThat(cancelled(
                                CANCELLED,
                                new Saga("COMPLETED", 6, Set.of()),
                                0,
                                REFUNDED,
                                "CANCELLED",
                                1,
                                SHOWN_CANCELLED)
                        .violations())
                .isEmpty();
    }

    @Test
    void isContentWithAnOrderThatWasCancelledBeforeItsApproval() {
        assertThat(facts(CANCELLED, COMPENSATED, 0, REFUNDED, null, 0, new View("CANCELLED", 7))
                        .violations())
                .isEmpty();
    }

    @Test
    void isContentWithAnOrderWhoseParcelHadLeft() {
        assertThat(cancelled(APPROVED, TOO_LATE, 2, PAID, "DISPATCHED", 0, new View("APPROVED", 9))
                        .violations())
                .isEmpty();
    }

    @Test
    void findsWhatACancelledOrderStillHas() {
        assertThat(cancelled(CANCELLED, new Saga("COMPLETED", 6, Set.of()), 2, PAID, "DISPATCHED", 2, SHOWN_CANCELLED)
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
        Order neglected = new Order("APPROVED", 500, true, false);

        assertThat(facts(neglected, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.CANCEL_ENDS);
        assertThat(cancelled(APPROVED, TOO_LATE, 2, PAID, "ARRANGED", 0, new View("APPROVED", 9))
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
        assertThat(cancelled(APPROVED, new Saga("RUNNING", 3, Set.of()), 2, REFUNDED, "CANCELLED", 0, SHOWN)
                        .violations())
                .isEmpty();
    }

    @Test
    void findsAPaymentThatIsCapturedTwice() {
        Payment twice = new Payment("CAPTURED", 500, 1000, 0);

        assertThat(facts(APPROVED, COMPLETED, 2, twice, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .contains(Invariant.CAPTURED_ONCE);
    }

    @Test
    void findsAnOrderWhoseStatusIsNotWhatItsSagaMadeOfIt() {
        assertThat(facts(REJECTED, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN).violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ORDER_AGREES);
    }

    @Test
    void findsTwoNoticesOfOneCancellation() {
        assertThat(cancelled(
                                CANCELLED,
                                new Saga("COMPLETED", 6, Set.of()),
                                0,
                                REFUNDED,
                                "CANCELLED",
                                2,
                                SHOWN_CANCELLED)
                        .violations())
                .extracting(Violation::invariant)
                .containsExactly(Invariant.ONE_CANCELLATION);
    }

    @Test
    void judgesNeitherWhatIsStuckNorItsMoney() {
        OrderFacts stuck =
                facts(new Order("PLACED", 500, false, false), new Saga("STUCK", 5, Set.of()), 2, PAID, null, 0, null);

        assertThat(stuck.violations()).isEmpty();
        assertThat(stuck.money()).isEmpty();
    }

    @Test
    void excusesWhatAnOperatorHasSkippedAndNothingElse() {
        assertThat(skipped("reserve-stock", "charge-payment", "arrange-shipment")
                        .violations())
                .isEmpty();
        assertThat(skipped("reserve-stock", "arrange-shipment").violations())
                .extracting(Violation::what)
                .containsExactly("500 are still captured");
        assertThat(skipped("charge-payment").violations())
                .extracting(Violation::what)
                .containsExactly("2 pieces are still reserved", "the parcel is still ARRANGED");
    }

    @Test
    void comparesWhatIsPaidWithWhatIsOwed() {
        OrderFacts approved = facts(APPROVED, COMPLETED, 2, PAID, "ARRANGED", 1, SHOWN);
        OrderFacts kept = facts(REJECTED, COMPENSATED, 0, PAID, null, 0, SHOWN_REJECTED);

        assertThat(approved.money()).contains(new Money(500, 500));
        assertThat(kept.money().flatMap(money -> money.judge("order")))
                .contains(new Violation(Invariant.MONEY_ADDS_UP, "order", "500 kept, 0 approved"));
    }

    @Test
    void leavesMoneyThatPeopleHaveSeenToOutOfTheBooks() {
        OrderFacts seenTo = skipped("charge-payment");

        assertThat(seenTo.money()).isEmpty();
        assertThat(seenTo.excusedMinor()).isEqualTo(500);
        assertThat(skipped("reserve-stock").excusedMinor()).isZero();
    }

    @Test
    void findsAViewThatShowsAnEndedOrderOtherwise() {
        UUID id = UUID.randomUUID();

        assertThat(APPROVED.judge(id, SHOWN)).isEmpty();
        assertThat(APPROVED.judge(id, SHOWN_REJECTED)).map(Violation::invariant).contains(Invariant.VIEW_IS_FOLD);
        assertThat(REJECTED.judge(id, null)).map(Violation::invariant).contains(Invariant.VIEW_IS_FOLD);
        assertThat(new Order("PLACED", 500, false, false).judge(id, null)).isEmpty();
        assertThat(new Order("APPROVED", 500, true, false).judge(id, SHOWN_CANCELLED))
                .isEmpty();
    }

    @Test
    void findsACancellationThatWasToldToSomebodyWhoWasNeverToldOfTheOrder() {
        UUID id = UUID.randomUUID();

        assertThat(new Mails(1, 1).judge(id)).isEmpty();
        assertThat(new Mails(1, 0).judge(id)).isEmpty();
        assertThat(new Mails(0, 1).judge(id)).map(Violation::invariant).contains(Invariant.ONE_CONFIRMATION);
        assertThat(new Mails(2, 0).judge(id)).map(Violation::invariant).contains(Invariant.ONE_CONFIRMATION);
    }

    @Test
    void readsWhichStepsWereSkipped() {
        assertThat(Saga.of("COMPENSATED", 7, "").skipped()).isEmpty();
        assertThat(Saga.of("COMPENSATED", 7, "charge-payment,reserve-stock").skipped())
                .containsExactlyInAnyOrder("charge-payment", "reserve-stock");
    }

    /** Rejected, with everything still there, and these undos skipped. */
    private static OrderFacts skipped(String... steps) {
        return facts(REJECTED, new Saga("COMPENSATED", 7, Set.of(steps)), 2, PAID, "ARRANGED", 0, SHOWN_REJECTED);
    }

    private static OrderFacts facts(
            @Nullable Order order,
            @Nullable Saga saga,
            long reserved,
            @Nullable Payment payment,
            @Nullable String shipment,
            long confirmations,
            @Nullable View view) {
        return new OrderFacts(
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

    private static OrderFacts cancelled(
            Order order, Saga cancel, long reserved, Payment payment, String shipment, long cancellations, View view) {
        Mails mails = new Mails(1, cancellations);
        return new OrderFacts(UUID.randomUUID(), order, COMPLETED, cancel, reserved, 2, payment, shipment, mails, view);
    }

    private static List<Violation> forgotten(
            String status,
            @Nullable Saga cancel,
            long reserved,
            @Nullable Payment payment,
            @Nullable String shipment,
            Mails mails) {
        Order order = new Order(status, 500, status.equals("CANCELLED"), true);
        View view = new View(status, 9);
        return new OrderFacts(UUID.randomUUID(), order, null, cancel, reserved, 2, payment, shipment, mails, view)
                .violations();
    }
}
