package caravan.inventory;

import caravan.common.contract.InventoryCommand;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Reply;
import caravan.common.messaging.PoisonException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Commands by kind, whatever their direction: a release is the undo of one saga and an action of another. */
record StockBatch(List<InventoryCommand> commands, List<ReserveStock> reserves, List<ReleaseStock> releases) {

    /** Throws {@link PoisonException} when a command cannot mean anything. */
    static StockBatch of(Stream<InventoryCommand> commands) {
        StockBatch batch = new StockBatch(commands.toList(), new ArrayList<>(), new ArrayList<>());
        for (InventoryCommand command : batch.commands) {
            switch (command) {
                case ReserveStock reserve -> batch.reserves.add(checked(reserve));
                case ReleaseStock release -> batch.releases.add(release);
            }
        }
        return batch;
    }

    private static ReserveStock checked(ReserveStock reserve) {
        if (reserve.lines() == null || reserve.lines().isEmpty()) {
            throw new PoisonException("no lines for order " + reserve.orderId());
        }
        for (Line line : reserve.lines()) {
            if (line == null || line.sku() == null || line.quantity() < 1) {
                throw new PoisonException("no such line: " + line + " of order " + reserve.orderId());
            }
        }
        return reserve;
    }

    String[] skus() {
        return reserves.stream()
                .flatMap(reserve -> reserve.lines().stream())
                .map(Line::sku)
                .distinct()
                .toArray(String[]::new);
    }

    UUID[] releasedOrders() {
        return releases.stream().map(ReleaseStock::orderId).distinct().toArray(UUID[]::new);
    }

    /** The replies to the reserves, with those to the releases in between: one for each command, in their order. */
    List<Reply> replies(List<Reply> toReserves) {
        Iterator<Reply> next = toReserves.iterator();
        return commands.stream()
                .map(command -> switch (command) {
                    case ReserveStock _ -> next.next();
                    case ReleaseStock _ -> (Reply) new Reply.StockReleased();
                })
                .toList();
    }
}
