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

    /**
     * @param cancelRequested somebody wants it cancelled, and nobody has said yet that it is too late
     * @param forgotten the saga that placed it ended so long ago that it is forgotten: the status is all that is left of it
     */
    record OrderFacts(String status, long totalMinor, boolean cancelRequested, boolean forgotten) {

        boolean ended() {
            return !status.equals("PLACED");
        }
    }

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
        if (order != null && (saga != null || order.forgotten()) && !open() && !stuck()) {
            atTheEnd(add, order);
        }
        return found;
    }

    private void atAnyTime(BiConsumer<Invariant, String> add) {
        if (order == null) {
            add.accept(Invariant.ONE_SAGA, "there is no such order, but a row of it elsewhere");
        } else if (saga == null && !order.forgotten()) {
            add.accept(Invariant.ONE_SAGA, "the order has no saga");
        } else if (saga != null && order.forgotten()) {
            add.accept(Invariant.ONE_SAGA, "the order's saga was forgotten, and there it is again");
        } else if (order.forgotten() && !order.ended()) {
            add.accept(Invariant.SAGA_ENDS, "the order's saga was forgotten, and the order has no end");
        }
        if (payment != null
                && (payment.capturedMinor() > payment.amountMinor()
                        || payment.refundedMinor() > payment.capturedMinor())) {
            add.accept(Invariant.CAPTURED_ONCE, payment.toString());
        }
    }

    private void atTheEnd(BiConsumer<Invariant, String> add, OrderFacts row) {
        String expected = expected(row);
        if (!row.status().equals(expected)) {
            add.accept(Invariant.ORDER_AGREES, row.status() + ", the sagas are " + saga + " and " + cancel);
        }
        if (expected.equals("APPROVED")) {
            approvedHasAll(add, row);
        } else {
            othersHaveNone(add);
        }
        mails(add);
        if (view == null || !view.status().equals(expected) || !isWholeFold(view)) {
            add.accept(Invariant.VIEW_IS_FOLD, view + ", the sagas are " + saga + " and " + cancel);
        }
    }

    /** How many events there were nobody can say any more of a saga that is forgotten. */
    private boolean isWholeFold(ViewFacts shown) {
        return saga == null || shown.sequence() == saga.version() + (cancel == null ? 0 : cancel.version());
    }

    /** What the sagas have made of it. */
    private String expected(OrderFacts row) {
        if (saga != null && !saga.completed()) {
            return row.cancelRequested() ? "CANCELLED" : "REJECTED";
        }
        if (cancel != null && cancel.completed()) {
            return "CANCELLED";
        }
        return saga == null ? row.status() : "APPROVED";
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

    private void mails(BiConsumer<Invariant, String> add) {
        if (mails.confirmations() != (wasApproved() ? 1 : 0)) {
            add.accept(Invariant.ONE_CONFIRMATION, mails.confirmations() + " confirmations, the saga is " + saga);
        }
        if (mails.cancellations() != (wasTakenBack() ? 1 : 0)) {
            add.accept(Invariant.ONE_CANCELLATION, mails.cancellations() + " cancellations, the saga is " + cancel);
        }
    }

    /** A cancelled order was approved before or not, and where that is forgotten it has both mails or none. */
    private boolean wasApproved() {
        return saga == null ? approved() || (cancelled() && mails.cancellations() > 0) : saga.completed();
    }

    private boolean wasTakenBack() {
        return cancel == null ? saga == null && cancelled() && mails.confirmations() > 0 : cancel.completed();
    }

    boolean hasParcel() {
        return "ARRANGED".equals(shipment) || "DISPATCHED".equals(shipment);
    }
}
