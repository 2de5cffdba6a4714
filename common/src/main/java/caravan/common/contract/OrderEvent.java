package caravan.common.contract;

import java.util.UUID;

/** What happened to an order, as the service that owns it says. */
public sealed interface OrderEvent extends Event permits OrderPlaced, OrderCancellationRequested {

    UUID orderId();
}
