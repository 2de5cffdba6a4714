package caravan.order;

import caravan.common.messaging.TraceContext;
import java.time.Instant;
import java.util.UUID;

/**
 * A request on its way to being an order.
 *
 * @param bodyHash the same for bodies that say the same
 */
record Draft(
        UUID orderId,
        Caller caller,
        String key,
        String bodyHash,
        OrderRequest request,
        Instant placedAt,
        TraceContext trace) {

    KeyScope scope() {
        return new KeyScope(caller.id(), key);
    }
}
