package caravan.fleet.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all databases say of one order. A part that is null has no row there.
 *
 * @param saga the one that places it
 * @param cancel the one that cancels it after its approval
 * @param reservedPieces pieces reserved for it now
 * @param orderedPieces pieces its lines name
 */
record Facts(
        UUID orderId,
        @Nullable OrderFacts order,
        @Nullable SagaFacts saga,
        @Nullable SagaFacts cancel,
        long reservedPieces,
        long orderedPieces,
        @Nullable PaymentFacts payment,
        @Nullable String shipment,
        Mails mails,
        @Nullable ViewFacts view) {

    /** @param cancelRequested somebody wants it cancelled, and nobody has said yet that it is too late */
    record OrderFacts(String status, long totalMinor, boolean cancelRequested) {}

    record SagaFacts(String phase, int version) {

        boolean open() {
            return phase.equals("RUNNING") || phase.equals("UNDOING");
        }

        boolean stuck() {
            return phase.equals("STUCK");
        }

        boolean completed() {
            return phase.equals("COMPLETED");
        }
    }

    /** How many of each kind. */
    record Mails(long confirmations, long cancellations) {}

    record PaymentFacts(String state, long amountMinor, long capturedMinor, long refundedMinor) {}

    record ViewFacts(String status, int sequence) {}

    boolean open() {
        return (saga != null && saga.open()) || (cancel != null && cancel.open());
    }

    boolean stuck() {
        return (saga != null && saga.stuck()) || (cancel != null && cancel.stuck());
    }

    boolean approved() {
        return order != null && order.status().equals("APPROVED");
    }

    boolean rejected() {
        return order != null && order.status().equals("REJECTED");
    }

    boolean cancelled() {
        return order != null && order.status().equals("CANCELLED");
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

    private void atTheEnd(BiConsumer<Invariant, String> add, OrderFacts row, SagaFacts placed) {
        String expected = expected(row, placed);
        if (!row.status().equals(expected)) {
            add.accept(Invariant.ORDER_AGREES, row.status() + ", the sagas are " + placed + " and " + cancel);
        }
        if (expected.equals("APPROVED")) {
            approvedHasAll(add, row);
        } else {
            othersHaveNone(add);
        }
        mails(add, placed);
        int sequence = placed.version() + (cancel == null ? 0 : cancel.version());
        if (view == null || view.sequence() != sequence || !view.status().equals(expected)) {
            add.accept(Invariant.VIEW_IS_FOLD, view + ", the sagas are " + placed + " and " + cancel);
        }
    }

    /** What the sagas have made of it. */
    private String expected(OrderFacts row, SagaFacts placed) {
        if (placed.completed()) {
            return cancel != null && cancel.completed() ? "CANCELLED" : "APPROVED";
        }
        return row.cancelRequested() ? "CANCELLED" : "REJECTED";
    }

    private void approvedHasAll(BiConsumer<Invariant, String> add, OrderFacts row) {
        if (reservedPieces != orderedPieces) {
            add.accept(Invariant.APPROVED_HAS_ALL, reservedPieces + " pieces of " + orderedPieces);
        }
        if (keptMinor() != row.totalMinor()) {
            add.accept(Invariant.APPROVED_HAS_ALL, "paid " + keptMinor() + " of " + row.totalMinor());
        }
        if (!hasParcel()) {
            add.accept(Invariant.APPROVED_HAS_ALL, "the parcel is " + shipment);
        }
        if (cancel != null && !"DISPATCHED".equals(shipment)) {
            add.accept(Invariant.CANCEL_ENDS, "it was too late to cancel it, but the parcel is " + shipment);
        }
        if (row.cancelRequested()) {
            add.accept(Invariant.CANCEL_ENDS, "somebody wants it cancelled, and no saga does it");
        }
    }

    private void othersHaveNone(BiConsumer<Invariant, String> add) {
        if (reservedPieces != 0) {
            add.accept(Invariant.REJECTED_HAS_NONE, reservedPieces + " pieces are still reserved");
        }
        if (keptMinor() != 0) {
            add.accept(Invariant.REJECTED_HAS_NONE, keptMinor() + " are still captured");
        }
        if (hasParcel()) {
            add.accept(Invariant.REJECTED_HAS_NONE, "the parcel is still " + shipment);
        }
    }

    private void mails(BiConsumer<Invariant, String> add, SagaFacts placed) {
        if (mails.confirmations() != (placed.completed() ? 1 : 0)) {
            add.accept(
                    Invariant.ONE_CONFIRMATION,
                    mails.confirmations() + " confirmations, the saga is " + placed.phase());
        }
        if (mails.cancellations() != (cancel != null && cancel.completed() ? 1 : 0)) {
            add.accept(Invariant.ONE_CANCELLATION, mails.cancellations() + " cancellations, the saga is " + cancel);
        }
    }

    boolean hasParcel() {
        return "ARRANGED".equals(shipment) || "DISPATCHED".equals(shipment);
    }
}
