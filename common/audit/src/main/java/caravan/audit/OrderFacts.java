package caravan.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What all databases say of one order. A part that is null has no row there. Judged are orders whose sagas have ended; what an operator
 * has skipped the undo of is excused, and what is stuck is listed and not judged.
 *
 * @param saga the one that places it
 * @param cancel the one that cancels it after its approval
 * @param reservedPieces pieces reserved for it now
 * @param orderedPieces pieces its lines name
 */
public record OrderFacts(
        UUID orderId,
        @Nullable Order order,
        @Nullable Saga saga,
        @Nullable Saga cancel,
        long reservedPieces,
        long orderedPieces,
        @Nullable Payment payment,
        @Nullable String shipment,
        Mails mails,
        @Nullable View view) {

    /** Steps of the saga that places an order, by what their undo gives back. */
    private static final String STOCK = "reserve-stock";

    private static final String PAYMENT = "charge-payment";
    private static final String PARCEL = "arrange-shipment";

    /**
     * The write model's row.
     *
     * @param cancelRequested somebody wants it cancelled, and nobody has said yet that it is too late
     * @param forgotten the saga that placed it ended so long ago that it is forgotten: the status is all that is left of it
     */
    public record Order(String status, long totalMinor, boolean cancelRequested, boolean forgotten) {

        /** What orders and their views alone can tell: an order that nothing moves any more is shown as it is. */
        public Optional<Violation> judge(UUID orderId, @Nullable View view) {
            boolean moves = !ended() || (status.equals("APPROVED") && cancelRequested);
            return moves || (view != null && view.status().equals(status))
                    ? Optional.empty()
                    : Optional.of(new Violation(
                            Invariant.VIEW_IS_FOLD, orderId.toString(), view + ", the order is " + status));
        }

        boolean ended() {
            return !status.equals("PLACED");
        }
    }

    /**
     * Where a saga of it stands.
     *
     * @param skipped steps whose undo an operator took for done: people have seen to what they left
     */
    public record Saga(String phase, int version, Set<String> skipped) {

        public Saga {
            skipped = Set.copyOf(skipped);
        }

        /** With the skipped steps as {@link Question#SAGAS} has them, commas between them. */
        public static Saga of(String phase, int version, String skipped) {
            return new Saga(phase, version, skipped.isEmpty() ? Set.of() : Set.of(skipped.split(",")));
        }

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
    public record Mails(long confirmations, long cancellations) {

        /** What mails alone can tell: whose cancelling is told was told before that all is well. */
        public Optional<Violation> judge(UUID orderId) {
            return confirmations <= 1 && (cancellations == 0 || confirmations == 1)
                    ? Optional.empty()
                    : Optional.of(new Violation(Invariant.ONE_CONFIRMATION, orderId.toString(), toString()));
        }
    }

    public record Payment(String state, long amountMinor, long capturedMinor, long refundedMinor) {

        /** What payments alone can tell. */
        public Optional<Violation> judge(UUID orderId) {
            return capturedMinor <= amountMinor && refundedMinor <= capturedMinor
                    ? Optional.empty()
                    : Optional.of(new Violation(Invariant.CAPTURED_ONCE, orderId.toString(), toString()));
        }
    }

    public record View(String status, int sequence) {}

    /** Whether a saga of it is under way. */
    public boolean open() {
        return (saga != null && saga.open()) || (cancel != null && cancel.open());
    }

    /** Whether a saga of it waits for an operator. */
    public boolean stuck() {
        return (saga != null && saga.stuck()) || (cancel != null && cancel.stuck());
    }

    public boolean approved() {
        return order != null && order.status().equals("APPROVED");
    }

    public boolean rejected() {
        return order != null && order.status().equals("REJECTED");
    }

    public boolean cancelled() {
        return order != null && order.status().equals("CANCELLED");
    }

    long keptMinor() {
        return payment == null ? 0 : payment.capturedMinor() - payment.refundedMinor();
    }

    /** What it has paid and what it owes; empty while that may still change, or where people have seen to the money. */
    public Optional<Money> money() {
        return order == null || !isOver(order) || isSkipped(PAYMENT)
                ? Optional.empty()
                : Optional.of(new Money(keptMinor(), approved() ? order.totalMinor() : 0));
    }

    /** What was kept that no order owes, because an operator has skipped giving it back. */
    public long excusedMinor() {
        return isSkipped(PAYMENT) ? keptMinor() : 0;
    }

    /** Everything that is wrong with this order; of an order whose saga is under way only what must hold at any time. */
    public List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        BiConsumer<Invariant, String> add =
                (invariant, what) -> found.add(new Violation(invariant, orderId.toString(), what));
        atAnyTime(add);
        if (order != null && isOver(order)) {
            atTheEnd(add, order);
        }
        return found;
    }

    private boolean isOver(Order row) {
        return (saga != null || row.forgotten()) && !open() && !stuck();
    }

    private boolean isSkipped(String step) {
        return saga != null && saga.skipped().contains(step);
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
        if (payment != null) {
            payment.judge(orderId).ifPresent(broken -> add.accept(broken.invariant(), broken.what()));
        }
    }

    private void atTheEnd(BiConsumer<Invariant, String> add, Order row) {
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
    private boolean isWholeFold(View shown) {
        return saga == null || shown.sequence() == saga.version() + (cancel == null ? 0 : cancel.version());
    }

    /** What the sagas have made of it. */
    private String expected(Order row) {
        if (saga != null && !saga.completed()) {
            return row.cancelRequested() ? "CANCELLED" : "REJECTED";
        }
        if (cancel != null && cancel.completed()) {
            return "CANCELLED";
        }
        return saga == null ? row.status() : "APPROVED";
    }

    private void approvedHasAll(BiConsumer<Invariant, String> add, Order row) {
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
        if (reservedPieces != 0 && !isSkipped(STOCK)) {
            add.accept(Invariant.REJECTED_HAS_NONE, reservedPieces + " pieces are still reserved");
        }
        if (keptMinor() != 0 && !isSkipped(PAYMENT)) {
            add.accept(Invariant.REJECTED_HAS_NONE, keptMinor() + " are still captured");
        }
        if (hasParcel() && !isSkipped(PARCEL)) {
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

    public boolean hasParcel() {
        return "ARRANGED".equals(shipment) || "DISPATCHED".equals(shipment);
    }
}
