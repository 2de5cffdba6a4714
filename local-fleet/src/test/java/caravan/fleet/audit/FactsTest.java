package caravan.fleet.audit;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.audit.Facts.OrderFacts;
import caravan.fleet.audit.Facts.PaymentFacts;
import caravan.fleet.audit.Facts.SagaFacts;
import caravan.fleet.audit.Facts.ViewFacts;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FactsTest {

    private static final OrderFacts APPROVED = new OrderFacts("APPROVED", 500);
    private static final OrderFacts REJECTED = new OrderFacts("REJECTED", 500);
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
        assertThat(facts(new OrderFacts("PLACED", 500), new SagaFacts("RUNNING", 3), 2, PAID, null, 0, null)
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
        return new Facts(UUID.randomUUID(), order, saga, reserved, 2, payment, shipment, confirmations, view);
    }
}
