package caravan.fleet.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all databases say of one order. A part that is null has no row there.
 *
 * @param reservedPieces pieces reserved for it now
 * @param orderedPieces pieces its lines name
 */
record Facts(
        UUID orderId,
        @Nullable OrderFacts order,
        @Nullable SagaFacts saga,
        long reservedPieces,
        long orderedPieces,
        @Nullable PaymentFacts payment,
        @Nullable String shipment,
        long confirmations,
        @Nullable ViewFacts view) {

    record OrderFacts(String status, long totalMinor) {}

    record SagaFacts(String phase, int version) {}

    record PaymentFacts(String state, long amountMinor, long capturedMinor, long refundedMinor) {}

    record ViewFacts(String status, int sequence) {}

    boolean open() {
        return saga != null && (saga.phase().equals("RUNNING") || saga.phase().equals("UNDOING"));
    }

    boolean stuck() {
        return saga != null && saga.phase().equals("STUCK");
    }

    boolean approved() {
        return order != null && order.status().equals("APPROVED");
    }

    boolean rejected() {
        return order != null && order.status().equals("REJECTED");
    }

    long keptMinor() {
        return payment == null ? 0 : payment.capturedMinor() - payment.refundedMinor();
    }

    /** Everything that is wrong with this order; of an order whose saga is under way only what must hold at any time. */
    List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        BiConsumer<Invariant, String> add =
                (invariant, what) -> found.add(new Violation(invariant, orderId.toString(), what));
        atAnyTime(add);
        if (order != null && saga != null && !open() && !stuck()) {
            atTheEnd(add, order, saga);
        }
        return found;
    }

    private void atAnyTime(BiConsumer<Invariant, String> add) {
        if (order == null) {
            add.accept(Invariant.ONE_SAGA, "there is no such order, but a row of it elsewhere");
        } else if (saga == null) {
            add.accept(Invariant.ONE_SAGA, "the order has no saga");
        }
        if (payment != null
                && (payment.capturedMinor() > payment.amountMinor()
                        || payment.refundedMinor() > payment.capturedMinor())) {
            add.accept(Invariant.CAPTURED_ONCE, payment.toString());
        }
    }

    private void atTheEnd(BiConsumer<Invariant, String> add, OrderFacts row, SagaFacts ended) {
        String expected = ended.phase().equals("COMPLETED") ? "APPROVED" : "REJECTED";
        if (!row.status().equals(expected)) {
            add.accept(Invariant.ORDER_AGREES, row.status() + ", the saga is " + ended.phase());
        }
        if (ended.phase().equals("COMPLETED")) {
            approvedHasAll(add, row);
        } else {
            rejectedHasNone(add);
        }
        if (view == null || view.sequence() != ended.version() || !view.status().equals(expected)) {
            add.accept(Invariant.VIEW_IS_FOLD, view + ", the saga is " + ended);
        }
    }

    private void approvedHasAll(BiConsumer<Invariant, String> add, OrderFacts row) {
        if (reservedPieces != orderedPieces) {
            add.accept(Invariant.APPROVED_HAS_ALL, reservedPieces + " pieces of " + orderedPieces);
        }
        if (keptMinor() != row.totalMinor()) {
            add.accept(Invariant.APPROVED_HAS_ALL, "paid " + keptMinor() + " of " + row.totalMinor());
        }
        if (!"ARRANGED".equals(shipment)) {
            add.accept(Invariant.APPROVED_HAS_ALL, "the parcel is " + shipment);
        }
        if (confirmations != 1) {
            add.accept(Invariant.ONE_CONFIRMATION, confirmations + " confirmations");
        }
    }

    private void rejectedHasNone(BiConsumer<Invariant, String> add) {
        if (reservedPieces != 0) {
            add.accept(Invariant.REJECTED_HAS_NONE, reservedPieces + " pieces are still reserved");
        }
        if (keptMinor() != 0) {
            add.accept(Invariant.REJECTED_HAS_NONE, keptMinor() + " are still captured");
        }
        if ("ARRANGED".equals(shipment)) {
            add.accept(Invariant.REJECTED_HAS_NONE, "the parcel is still arranged");
        }
        if (confirmations != 0) {
            add.accept(Invariant.ONE_CONFIRMATION, confirmations + " confirmations of an order that was not approved");
        }
    }
}
