package caravan.common.metric;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * What the frame counts by itself, under our names, or not at all.
 *
 * <p>Pools to PostgreSQL, by the pool's name: {@code db.pool.in.use}, {@code db.pool.idle} (places that are free, with a connection
 * or without), {@code db.pool.waiting} and, as a time, {@code db.pool.wait}. Vert.x counts them for whoever holds its metrics: that
 * is Quarkus' binder of the HTTP server, which is therefore on, measures nothing (its patterns leave every path out) and
 * whose meters are refused here. With it off, OpenTelemetry takes its place, and nobody counts pools.
 */
@Singleton
public class FrameMetrics {

    private static final String POOL = "sql.pool.";
    private static final String OURS = "db.pool.";

    private static final Map<String, String> NAMES = Map.of(
            POOL + "active", OURS + "in.use",
            POOL + "idle", OURS + "idle",
            POOL + "queue.size", OURS + "waiting",
            POOL + "queue.delay", OURS + "wait");

    /** Nobody reads these; a timer for each statement, tags with peers' addresses and pools with made-up names are among them. */
    private static final List<String> UNREAD =
            List.of(POOL, "redis.pool.", "http.server.", "tcp.", "eventBus.", "udp.");

    @Produces
    @Singleton
    MeterFilter naming() {
        return new Naming();
    }

    private static final class Naming implements MeterFilter {

        @Override
        public Meter.Id map(Meter.Id id) {
            String ours = NAMES.get(id.getName());
            if (ours == null) {
                return id;
            }
            String pool = id.getTag("pool.name");
            return id.withName(ours).replaceTags(Tags.of(Tag.of("pool", pool == null ? "unnamed" : pool)));
        }

        /** Asked after all names are ours. */
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return UNREAD.stream().anyMatch(id.getName()::startsWith)
                    ? MeterFilterReply.DENY
                    : MeterFilterReply.NEUTRAL;
        }
    }
}
