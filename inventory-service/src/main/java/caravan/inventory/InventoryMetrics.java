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
    private final Counter viewsFlushed;
    private final Counter viewsLost;

    InventoryMetrics(MeterRegistry meters) {
        this.reserved = meters.counter("stock.reservations", "outcome", "reserved");
        this.unavailable = meters.counter("stock.reservations", "outcome", "unavailable");
        this.released = meters.counter("stock.releases");
        this.viewsFlushed = meters.counter("views.flushed");
        this.viewsLost = meters.counter("views.lost");
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

    void viewsFlushed(long views) {
        viewsFlushed.increment((double) views);
    }

    /** There was no room to count them. */
    void viewsLost(long views) {
        viewsLost.increment((double) views);
    }
}
