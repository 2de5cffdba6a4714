package caravan.inventory;

import caravan.common.contract.Reply;
import caravan.common.messaging.Faults;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Counts decisions: a batch that is tried again after a fault counts again. And looks now and then how many products run low,
 * which is the same figure for all replicas.
 */
@Singleton
class InventoryMetrics {

    /** By index; a product is low for longer than this, and nobody is woken by the figure. */
    private static final long COUNT_LOW_EVERY_MS = 10_000;

    static final String LOW = "select count(*) from stock where low";

    private static final Logger LOG = Logger.getLogger(InventoryMetrics.class);

    private final Counter reserved;
    private final Counter unavailable;
    private final Counter released;
    private final AtomicLong low = new AtomicLong();
    private final Counter viewsFlushed;
    private final Counter viewsLost;

    InventoryMetrics(MeterRegistry meters) {
        this.reserved = meters.counter("stock.reservations", "outcome", "reserved");
        this.unavailable = meters.counter("stock.reservations", "outcome", "unavailable");
        this.released = meters.counter("stock.releases");
        this.viewsFlushed = meters.counter("views.flushed");
        this.viewsLost = meters.counter("views.lost");
    }

    void watchLow(@Observes StartupEvent event, Vertx vertx, Pool pool, MeterRegistry meters) {
        meters.gauge("stock.low", low);
        countLow(pool);
        vertx.setPeriodic(COUNT_LOW_EVERY_MS, _ -> countLow(pool));
    }

    private void countLow(Pool pool) {
        pool.query(LOW)
                .execute()
                .subscribe()
                .with(
                        rows -> low.set(rows.iterator().next().getLong(0)),
                        fault -> LOG.debugf("nobody knows what is low: %s", Faults.describe(fault)));
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
