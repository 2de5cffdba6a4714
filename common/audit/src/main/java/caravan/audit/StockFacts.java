package caravan.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the pieces of one product are.
 *
 * @param putIn by people, less what they took out
 * @param promised what orders were promised and still hold
 */
public record StockFacts(String sku, long onHand, long reserved, long shipped, long putIn, long promised) {

    public List<Violation> violations() {
        List<Violation> found = new ArrayList<>();
        long there = onHand + reserved + shipped;
        if (there != putIn) {
            found.add(new Violation(Invariant.STOCK_ADDS_UP, sku, there + " pieces there, " + putIn + " put in"));
        }
        if (reserved != promised) {
            found.add(new Violation(
                    Invariant.RESERVED_IS_PROMISED, sku, reserved + " reserved, " + promised + " promised"));
        }
        return found;
    }
}
