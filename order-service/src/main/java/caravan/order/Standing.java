package caravan.order;

import caravan.common.contract.Failure;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an order stands in the write model, and what may become of it. Pure: each verb gives the standing after it.
 *
 * @param failure what its saga said when it ended the order
 * @param cancelRequestedAt since when the customer wants it cancelled; null when nobody does, or when it came too late
 * @param cancelRefusedAt since when it is known that the parcel has left
 */
record Standing(
        UUID orderId,
        State state,
        @Nullable Failure failure,
        @Nullable Instant cancelRequestedAt,
        @Nullable String cancelReason,
        @Nullable Instant cancelRefusedAt) {

    enum State {
        PLACED,
        APPROVED,
        REJECTED,
        CANCELLED
    }

    /** What a request to cancel meets. */
    enum Ruling {
        /** Nobody has asked before. */
        REQUESTED,
        /** It is being cancelled, or is. */
        UNDER_WAY,
        ALREADY_DISPATCHED,
        ENDED
    }

    Ruling ruling() {
        return switch (state) {
            case REJECTED -> Ruling.ENDED;
            case CANCELLED -> Ruling.UNDER_WAY;
            case PLACED, APPROVED -> {
                if (cancelRefusedAt != null) {
                    yield Ruling.ALREADY_DISPATCHED;
                }
                yield cancelRequestedAt == null ? Ruling.REQUESTED : Ruling.UNDER_WAY;
            }
        };
    }

    Standing requested(Instant now, @Nullable String reason) {
        return new Standing(orderId, state, failure, now, reason, null);
    }

    /**
     * Throws {@link IllegalStateException} for a command that this order cannot follow. The same command again changes nothing.
     * No poison: while this consumer stood still another one may have handled the command, and the order may be further; at the
     * next try the inbox knows it.
     */
    Standing after(OrderCommand command, Instant now) {
        return switch (command) {
            case ApproveOrder _ ->
                switch (state) {
                    case PLACED -> in(State.APPROVED, null);
                    case APPROVED -> this;
                    case REJECTED, CANCELLED -> throw impossible(command);
                };
            case RejectOrder(UUID _, Failure why) ->
                switch (state) {
                    case PLACED -> in(cancelRequestedAt == null ? State.REJECTED : State.CANCELLED, why);
                    case REJECTED, CANCELLED -> this;
                    case APPROVED -> throw impossible(command);
                };
            case KeepOrder _ ->
                switch (state) {
                    case APPROVED -> cancelRefusedAt == null ? kept(now) : this;
                    case PLACED, REJECTED, CANCELLED -> throw impossible(command);
                };
            case MarkCancelled _ ->
                switch (state) {
                    case APPROVED -> in(State.CANCELLED, failure);
                    case CANCELLED -> this;
                    case PLACED, REJECTED -> throw impossible(command);
                };
        };
    }

    /** Whether the step from {@code before} is to be told: it was approved although somebody wants it cancelled. */
    boolean mustAskAgain(Standing before) {
        return cancelRequestedAt != null && before.state == State.PLACED && state == State.APPROVED;
    }

    Instant mustBeRequested() {
        if (cancelRequestedAt == null) {
            throw new IllegalStateException("nobody wants order " + orderId + " cancelled");
        }
        return cancelRequestedAt;
    }

    private Standing in(State next, @Nullable Failure why) {
        return new Standing(orderId, next, why, cancelRequestedAt, cancelReason, cancelRefusedAt);
    }

    private Standing kept(Instant now) {
        return new Standing(orderId, state, failure, null, cancelReason, now);
    }

    private IllegalStateException impossible(OrderCommand command) {
        return new IllegalStateException("order " + orderId + " is " + state + ": no "
                + command.getClass().getSimpleName());
    }
}
