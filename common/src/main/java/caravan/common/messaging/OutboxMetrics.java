package caravan.common.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * {@code outbox.depth} and {@code outbox.oldest.age}: what the table holds, so that all replicas of a service say the same.
 * Not a number while the table cannot be read: nobody knows then, and 0 would be a lie.
 */
@Singleton
class OutboxMetrics {

    /**
     * Ten times as often as Prometheus' usual alert needs it, a twentieth of what the relay asks. Two walks along the primary
     * key, the first of them cut off.
     */
    private static final long EVERY_MS = 3_000;

    /** Beyond this it does not matter how many wait, and counting them would be the next load. */
    private static final int MOST_COUNTED = 10_000;

    /** The first row to wait is not the first that was written, but nearly: ids are given in the order of the inserts. */
    static final String LOOK = """
            select (select count(*) from (select 1 from outbox order by id limit %d) o) as depth,
                   (select extract(epoch from now() - (envelope::jsonb ->> 'time')::timestamptz)::float8
                    from outbox order by id limit 1) as age""".formatted(MOST_COUNTED);

    private static final Logger LOG = Logger.getLogger(OutboxMetrics.class);

    private final MessagingConfig config;
    private volatile double depth = Double.NaN;
    private volatile double ageSeconds = Double.NaN;

    OutboxMetrics(MessagingConfig config) {
        this.config = config;
    }

    void start(@Observes StartupEvent event, MeterRegistry meters, Pool pool, Vertx vertx) {
        if (!config.outbox()) {
            return;
        }
        Gauge.builder("outbox.depth", this, o -> o.depth).strongReference(true).register(meters);
        Gauge.builder("outbox.oldest.age", this, o -> o.ageSeconds)
                .baseUnit("seconds")
                .strongReference(true)
                .register(meters);
        look(pool);
        vertx.setPeriodic(EVERY_MS, _ -> look(pool));
    }

    private void look(Pool pool) {
        pool.query(LOOK)
                .execute()
                .subscribe()
                .with(rows -> learn(rows.iterator().next()), fault -> {
                    depth = Double.NaN;
                    ageSeconds = Double.NaN;
                    LOG.debugf("nobody knows what waits in the outbox: %s", Faults.describe(fault));
                });
    }

    private void learn(Row row) {
        Double age = row.getDouble("age");
        depth = (double) row.getLong("depth");
        ageSeconds = age == null ? 0 : Math.max(0, age);
    }
}
