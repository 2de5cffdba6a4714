package caravan.order;

import caravan.common.http.ProblemType;
import caravan.order.Standing.Ruling;
import java.time.Instant;

/** How far a cancellation has come: the order's standing, and what its customer sees of it. */
record CancelProgress(Standing standing, OrderStatus shown) {

    /** Nothing that would change the answer is to come. */
    boolean isDecided() {
        return standing.ruling() != Ruling.UNDER_WAY
                || standing.state() == Standing.State.CANCELLED
                || shown == OrderStatus.CANCELLING
                || shown == OrderStatus.CANCELLED;
    }

    /** @param askedAt stands for the first request's time where that is not on record any more */
    CancelAnswer answer(Instant askedAt) {
        return switch (standing.ruling()) {
            case ENDED -> new CancelAnswer.Refused(ProblemType.ORDER_ENDED);
            case ALREADY_DISPATCHED -> new CancelAnswer.Refused(ProblemType.ALREADY_DISPATCHED);
            case REQUESTED, UNDER_WAY -> CancelAnswer.accepted(standing.orderId(), status(), requestedAt(askedAt));
        };
    }

    /** The view may still be on its way to what the order is already. */
    private OrderStatus status() {
        return standing.state() == Standing.State.CANCELLED ? OrderStatus.CANCELLED : shown;
    }

    private Instant requestedAt(Instant askedAt) {
        Instant on = standing.cancelRequestedAt();
        return on == null ? askedAt : on;
    }
}
