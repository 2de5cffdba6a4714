package caravan.common.contract;

import java.util.UUID;

public sealed interface OrderCommand extends Command {

    record ApproveOrder(UUID orderId) implements OrderCommand {}

    /** An order whose cancellation was asked for ends cancelled. */
    record RejectOrder(UUID orderId, Failure failure) implements OrderCommand {}

    /** The undo of a request to cancel: the order stays approved. */
    record KeepOrder(UUID orderId, Failure why) implements OrderCommand {}

    /** Everything an approved order had is taken back. */
    record MarkCancelled(UUID orderId) implements OrderCommand {}
}
