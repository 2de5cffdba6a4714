package caravan.common.contract;

import java.util.UUID;

public sealed interface OrderCommand extends Command {

    record ApproveOrder(UUID orderId) implements OrderCommand {}

    record RejectOrder(UUID orderId, Failure failure) implements OrderCommand {}
}
