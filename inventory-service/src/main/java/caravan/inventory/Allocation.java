package caravan.inventory;

import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.StockReserved;
import caravan.common.contract.Reply.StockUnavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who gets what of the stock: orders are served in the order they came, each with all its lines or none.
 *
 * @param replies one for each order, in their order
 */
record Allocation(List<Reply> replies, List<Reservation> reservations) {

    /** @param onHand what is free of each product; a product that is not in there does not exist */
    static Allocation of(Map<String, Integer> onHand, List<ReserveStock> orders) {
        Map<String, Integer> free = new HashMap<>(onHand);
        Allocation allocation = new Allocation(new ArrayList<>(), new ArrayList<>());
        orders.forEach(order -> allocation.serve(order, free));
        return allocation;
    }

    private void serve(ReserveStock order, Map<String, Integer> free) {
        Map<String, Long> wanted = wantedBy(order);
        Optional<StockUnavailable> shortage = shortage(wanted, free);
        if (shortage.isPresent()) {
            replies.add(shortage.get());
            return;
        }
        wanted.forEach((sku, pieces) -> {
            int quantity = Math.toIntExact(pieces);
            free.merge(sku, -quantity, Integer::sum);
            reservations.add(new Reservation(order.orderId(), sku, quantity));
        });
        replies.add(new StockReserved());
    }

    /** The same product on two lines is one wish for the sum of both. */
    private static Map<String, Long> wantedBy(ReserveStock order) {
        Map<String, Long> wanted = new LinkedHashMap<>();
        for (Line line : order.lines()) {
            wanted.merge(line.sku(), (long) line.quantity(), Long::sum);
        }
        return wanted;
    }

    private static Optional<StockUnavailable> shortage(Map<String, Long> wanted, Map<String, Integer> free) {
        return wanted.entrySet().stream()
                .filter(wish -> wish.getValue() > free.getOrDefault(wish.getKey(), 0))
                .map(wish -> new StockUnavailable(
                        wish.getKey(),
                        (int) Math.min(wish.getValue(), Integer.MAX_VALUE),
                        free.getOrDefault(wish.getKey(), 0)))
                .findFirst();
    }

    /** Pieces that leave the free stock, by product. */
    Map<String, Integer> taken() {
        Map<String, Integer> taken = new TreeMap<>();
        reservations.forEach(each -> taken.merge(each.sku(), each.quantity(), Integer::sum));
        return taken;
    }
}
