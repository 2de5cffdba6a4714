package caravan.common.contract;

import java.util.List;
import java.util.UUID;

public sealed interface ShipmentCommand extends Command {

    record ArrangeShipment(UUID orderId, Address address, List<Line> lines) implements ShipmentCommand {}

    record CancelShipment(UUID orderId) implements ShipmentCommand {}
}
