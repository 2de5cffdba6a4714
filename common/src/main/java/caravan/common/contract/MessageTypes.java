package caravan.common.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The wire names of one family of messages. A name that is not listed is poison; a class that is not listed cannot be
 * sent.
 *
 * @param <M> the sealed family
 */
public final class MessageTypes<M extends Message> {

    public static final MessageTypes<OrderCommand> ORDER_COMMANDS = MessageTypes.<OrderCommand>of()
            .with("approve-order", OrderCommand.ApproveOrder.class)
            .with("reject-order", OrderCommand.RejectOrder.class)
            .with("keep-order", OrderCommand.KeepOrder.class)
            .with("mark-cancelled", OrderCommand.MarkCancelled.class);

    public static final MessageTypes<InventoryCommand> INVENTORY_COMMANDS = MessageTypes.<InventoryCommand>of()
            .with("reserve-stock", InventoryCommand.ReserveStock.class)
            .with("release-stock", InventoryCommand.ReleaseStock.class);

    public static final MessageTypes<PaymentCommand> PAYMENT_COMMANDS = MessageTypes.<PaymentCommand>of()
            .with("charge-payment", PaymentCommand.ChargePayment.class)
            .with("refund-payment", PaymentCommand.RefundPayment.class);

    public static final MessageTypes<ShipmentCommand> SHIPMENT_COMMANDS = MessageTypes.<ShipmentCommand>of()
            .with("arrange-shipment", ShipmentCommand.ArrangeShipment.class)
            .with("cancel-shipment", ShipmentCommand.CancelShipment.class);

    public static final MessageTypes<NotificationCommand> NOTIFICATION_COMMANDS = MessageTypes.<NotificationCommand>of()
            .with("send-confirmation", NotificationCommand.SendConfirmation.class)
            .with("send-cancellation", NotificationCommand.SendCancellation.class);

    public static final MessageTypes<Reply> REPLIES = MessageTypes.<Reply>of()
            .with("stock-reserved", Reply.StockReserved.class)
            .with("stock-released", Reply.StockReleased.class)
            .with("stock-unavailable", Reply.StockUnavailable.class)
            .with("payment-charged", Reply.PaymentCharged.class)
            .with("payment-refunded", Reply.PaymentRefunded.class)
            .with("card-declined", Reply.CardDeclined.class)
            .with("shipment-arranged", Reply.ShipmentArranged.class)
            .with("shipment-cancelled", Reply.ShipmentCancelled.class)
            .with("address-undeliverable", Reply.AddressUndeliverable.class)
            .with("already-dispatched", Reply.AlreadyDispatched.class)
            .with("order-approved", Reply.OrderApproved.class)
            .with("order-rejected", Reply.OrderRejected.class)
            .with("order-kept", Reply.OrderKept.class)
            .with("order-cancelled", Reply.OrderCancelled.class)
            .with("confirmation-sent", Reply.ConfirmationSent.class)
            .with("cancellation-sent", Reply.CancellationSent.class)
            .with("deferred", Reply.Deferred.class)
            .with("refused", Reply.Refused.class);

    public static final MessageTypes<OrderEvent> ORDER_EVENTS = MessageTypes.<OrderEvent>of()
            .with("order-placed", OrderPlaced.class)
            .with("order-cancellation-requested", OrderCancellationRequested.class);

    public static final MessageTypes<SagaAdvanced> SAGA_EVENTS =
            MessageTypes.<SagaAdvanced>of().with("saga-advanced", SagaAdvanced.class);

    public static final MessageTypes<SagasForgotten> SAGA_RETENTION =
            MessageTypes.<SagasForgotten>of().with("sagas-forgotten", SagasForgotten.class);

    public static final MessageTypes<ProductChanged> PRODUCT_EVENTS =
            MessageTypes.<ProductChanged>of().with("product-changed", ProductChanged.class);

    private final Map<String, Class<? extends M>> classes = new LinkedHashMap<>();
    private final Map<Class<? extends M>, String> names = new LinkedHashMap<>();

    private MessageTypes() {}

    private static <M extends Message> MessageTypes<M> of() {
        return new MessageTypes<>();
    }

    private MessageTypes<M> with(String name, Class<? extends M> type) {
        classes.put(name, type);
        names.put(type, name);
        return this;
    }

    /** The class behind a wire name; empty for one that is not listed. */
    public Optional<Class<? extends M>> classOf(String name) {
        return Optional.ofNullable(classes.get(name));
    }

    /** The wire names, with the class behind each. */
    public Map<String, Class<? extends M>> all() {
        return Map.copyOf(classes);
    }

    /** The wire name of any message. */
    public static String nameOf(Message message) {
        MessageTypes<?> family = switch (message) {
            case OrderCommand _ -> ORDER_COMMANDS;
            case InventoryCommand _ -> INVENTORY_COMMANDS;
            case PaymentCommand _ -> PAYMENT_COMMANDS;
            case ShipmentCommand _ -> SHIPMENT_COMMANDS;
            case NotificationCommand _ -> NOTIFICATION_COMMANDS;
            case Reply _ -> REPLIES;
            case OrderEvent _ -> ORDER_EVENTS;
            case SagaAdvanced _ -> SAGA_EVENTS;
            case SagasForgotten _ -> SAGA_RETENTION;
            case ProductChanged _ -> PRODUCT_EVENTS;
        };
        String name = family.names.get(message.getClass());
        if (name == null) {
            throw new IllegalStateException("no wire name for " + message.getClass());
        }
        return name;
    }
}
