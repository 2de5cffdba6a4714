package caravan.common.contract;

import java.util.List;
import java.util.UUID;

/** What to tell the customer of an order. */
public sealed interface NotificationCommand extends Command {

    Customer customer();

    List<PricedLine> lines();

    Money total();

    record SendConfirmation(UUID orderId, Customer customer, List<PricedLine> lines, Money total)
            implements NotificationCommand {}

    /** An order that was approved is cancelled. */
    record SendCancellation(UUID orderId, Customer customer, List<PricedLine> lines, Money total)
            implements NotificationCommand {}
}
