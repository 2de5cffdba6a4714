package caravan.inventory;

import caravan.common.contract.Reply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;

/** Counts decisions: a batch that is tried again after a fault counts again. */
@Singleton
class InventoryMetrics {

    private final Counter reserved;
    private final Counter unavailable;
    private final Counter released;

    InventoryMetrics(MeterRegistry meters) {
        this.reserved = meters.counter("stock.reservations", "outcome", "reserved");
        this.unavailable = meters.counter("stock.reservations", "outcome", "unavailable");
        this.released = meters.counter("stock.releases");
    }

    void decided(List<Reply> replies) {
        int refusals = Math.toIntExact(replies.stream()
                .filter(Reply.StockUnavailable.class::isInstance)
                .count());
        unavailable.increment(refusals);
        reserved.increment(replies.size() - refusals);
    }

    void released(int orders) {
        released.increment(orders);
    }
}
