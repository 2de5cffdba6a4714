package caravan.common.contract;

import java.util.List;
import java.util.UUID;

public sealed interface NotificationCommand extends Command {

    record SendConfirmation(UUID orderId, Customer customer, List<PricedLine> lines, Money total)
            implements NotificationCommand {}
}
