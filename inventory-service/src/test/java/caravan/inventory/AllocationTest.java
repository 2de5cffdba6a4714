package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Reply.StockReserved;
import caravan.common.contract.Reply.StockUnavailable;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AllocationTest {

    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @Test
    void reservesEveryLine() {
        Allocation allocation =
                Allocation.of(Map.of("TEA", 10, "CUP", 5), List.of(order(first, line("TEA", 4), line("CUP", 5))));

        assertThat(allocation.replies()).containsExactly(new StockReserved());
        assertThat(allocation.reservations())
                .containsExactly(new Reservation(first, "TEA", 4), new Reservation(first, "CUP", 5));
        assertThat(allocation.taken()).isEqualTo(Map.of("TEA", 4, "CUP", 5));
    }

    @Test
    void reservesNothingWhenOneLineIsShort() {
        Allocation allocation =
                Allocation.of(Map.of("TEA", 10, "CUP", 4), List.of(order(first, line("TEA", 4), line("CUP", 5))));

        assertThat(allocation.replies()).containsExactly(new StockUnavailable("CUP", 5, 4));
        assertThat(allocation.reservations()).isEmpty();
        assertThat(allocation.taken()).isEmpty();
    }

    @Test
    void servesOrdersInTheOrderTheyCame() {
        Allocation allocation =
                Allocation.of(Map.of("TEA", 10), List.of(order(first, line("TEA", 7)), order(second, line("TEA", 7))));

        assertThat(allocation.replies()).containsExactly(new StockReserved(), new StockUnavailable("TEA", 7, 3));
        assertThat(allocation.taken()).isEqualTo(Map.of("TEA", 7));
    }

    @Test
    void leavesToOthersWhatARejectedOrderWanted() {
        Allocation allocation = Allocation.of(
                Map.of("TEA", 10),
                List.of(order(first, line("TEA", 7), line("CUP", 1)), order(second, line("TEA", 10))));

        assertThat(allocation.replies()).containsExactly(new StockUnavailable("CUP", 1, 0), new StockReserved());
    }

    @Test
    void addsUpLinesOfTheSameProduct() {
        Map<String, Integer> stock = Map.of("TEA", 10);

        assertThat(Allocation.of(stock, List.of(order(first, line("TEA", 5), line("TEA", 6))))
                        .replies())
                .containsExactly(new StockUnavailable("TEA", 11, 10));
        assertThat(Allocation.of(stock, List.of(order(first, line("TEA", 5), line("TEA", 5))))
                        .reservations())
                .containsExactly(new Reservation(first, "TEA", 10));
    }

    @Test
    void treatsAnUnknownProductAsNothingOnHand() {
        Allocation allocation = Allocation.of(Map.of(), List.of(order(first, line("NO-SUCH", 1))));

        assertThat(allocation.replies()).containsExactly(new StockUnavailable("NO-SUCH", 1, 0));
    }

    @Test
    void doesNotOverflow() {
        Line huge = line("TEA", Integer.MAX_VALUE);

        Allocation allocation = Allocation.of(Map.of("TEA", 10), List.of(order(first, huge, huge, huge)));

        assertThat(allocation.replies()).containsExactly(new StockUnavailable("TEA", Integer.MAX_VALUE, 10));
    }

    private static ReserveStock order(UUID id, Line... lines) {
        return new ReserveStock(id, List.of(lines));
    }

    private static Line line(String sku, int quantity) {
        return new Line(sku, quantity);
    }
}
