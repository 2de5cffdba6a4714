package caravan.common.sql;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Meters of the pools to PostgreSQL, by the pool's name: {@code db.pool.in.use}, {@code db.pool.idle} (places that are free, with
 * a connection or without), {@code db.pool.waiting} and, as a time, {@code db.pool.wait}. Vert.x counts them; here they get
 * names that do not depend on who counts, and what nobody reads is not measured, a timer for each statement among it.
 */
@Singleton
public class PoolMetrics {

    private static final String COUNTED_BY_VERTX = "sql.pool.";
    private static final String OURS = "db.pool.";

    private static final Map<String, String> NAMES = Map.of(
            "active", "in.use",
            "idle", "idle",
            "queue.size", "waiting",
            "queue.delay", "wait");

    @Produces
    @Singleton
    MeterFilter naming() {
        return new Naming();
    }

    private static final class Naming implements MeterFilter {

        @Override
        public Meter.Id map(Meter.Id id) {
            String ours = ours(id);
            if (ours == null) {
                return id;
            }
            String pool = id.getTag("pool.name");
            return id.withName(OURS + ours).replaceTags(Tags.of(Tag.of("pool", pool == null ? "unnamed" : pool)));
        }

        /** Asked with the name as it was before. */
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            boolean unread = id.getName().startsWith(COUNTED_BY_VERTX) && ours(id) == null;
            return unread ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }

        private static @Nullable String ours(Meter.Id id) {
            String name = id.getName();
            return name.startsWith(COUNTED_BY_VERTX) ? NAMES.get(name.substring(COUNTED_BY_VERTX.length())) : null;
        }
    }
}
