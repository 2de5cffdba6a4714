package caravan.common.contract;

import java.util.List;
import java.util.stream.Stream;

/** Every topic of the fleet, {@code <owner>.<commands, events or replies>.v<major>}. */
public final class Topics {

    public static final String ORDER_COMMANDS = "order.commands.v1";
    public static final String INVENTORY_COMMANDS = "inventory.commands.v1";
    public static final String PAYMENT_COMMANDS = "payment.commands.v1";
    public static final String SHIPMENT_COMMANDS = "shipment.commands.v1";
    public static final String NOTIFICATION_COMMANDS = "notification.commands.v1";
    public static final String SAGA_REPLIES = "saga.replies.v1";
    public static final String SAGA_EVENTS = "saga.events.v1";
    public static final String SAGA_RETENTION = "saga.retention.v1";
    public static final String ORDER_EVENTS = "order.events.v1";
    public static final String PRODUCT_EVENTS = "product.events.v1";

    public static final List<String> ALL = List.of(
            ORDER_COMMANDS,
            INVENTORY_COMMANDS,
            PAYMENT_COMMANDS,
            SHIPMENT_COMMANDS,
            NOTIFICATION_COMMANDS,
            SAGA_REPLIES,
            SAGA_EVENTS,
            SAGA_RETENTION,
            ORDER_EVENTS,
            PRODUCT_EVENTS);

    private Topics() {}

    /** Where records of {@code topic} go that failed three times or cannot be decoded. */
    public static String deadLetters(String topic) {
        return topic + ".dlq";
    }

    /** The topic that carries a command. */
    public static String of(Command command) {
        return switch (command) {
            case OrderCommand _ -> ORDER_COMMANDS;
            case InventoryCommand _ -> INVENTORY_COMMANDS;
            case PaymentCommand _ -> PAYMENT_COMMANDS;
            case ShipmentCommand _ -> SHIPMENT_COMMANDS;
            case NotificationCommand _ -> NOTIFICATION_COMMANDS;
        };
    }

    /** The topics and their dead-letter topics. */
    public static Stream<String> withDeadLetters() {
        return ALL.stream().flatMap(topic -> Stream.of(topic, deadLetters(topic)));
    }
}
