package caravan.common.contract;

import java.util.List;
import java.util.UUID;

public sealed interface InventoryCommand extends Command {

    record ReserveStock(UUID orderId, List<Line> lines) implements InventoryCommand {}

    record ReleaseStock(UUID orderId) implements InventoryCommand {}
}
