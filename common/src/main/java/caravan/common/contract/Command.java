package caravan.common.contract;

import java.util.UUID;

/** What a saga asks of a participant. An undo succeeds also when there is nothing to undo. */
public sealed interface Command extends Message
        permits OrderCommand, InventoryCommand, PaymentCommand, ShipmentCommand, NotificationCommand {

    UUID orderId();
}
