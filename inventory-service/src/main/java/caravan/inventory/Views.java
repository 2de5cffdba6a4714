package caravan.inventory;

import caravan.common.cache.WriteBehind;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Counts how often products are looked at: here, then in Redis, then in the table, then on the leaderboard. */
@Singleton
class Views {

    private static final Logger LOG = Logger.getLogger(Views.class);
    private static final String PREFIX = "inventory:views:";

    /** For a last request to Redis. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final WriteBehind behind;
    private final ViewStore store;
    private final Leaderboard board;
    private final InventoryMetrics metrics;
    private final boolean later;

    Views(InventoryRedis redis, InventoryConfig config, ViewStore store, Leaderboard board, InventoryMetrics metrics) {
        this.behind = new WriteBehind(redis.line(), config.cache().writeBehind(), this::write, PREFIX);
        this.store = store;
        this.board = board;
        this.metrics = metrics;
        this.later = config.cache().writeBehind().enabled();
    }

    void start(@Observes StartupEvent event) {
        if (later) {
            behind.open();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        behind.close()
                .ifNoItem()
                .after(LAST_WORD)
                .fail()
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }

    /** Never fails, and waits only when nothing is written behind. */
    Uni<Void> seen(String sku, long times) {
        if (times == 0) {
            return Uni.createFrom().voidItem();
        }
        if (!later) {
            return store.add(sku, times)
                    .onFailure()
                    .invoke(fault -> LOG.debugf("a view is not counted: %s", fault))
                    .onFailure()
                    .recoverWithNull();
        }
        if (!behind.count(sku, times)) {
            metrics.viewsLost(times);
        }
        return Uni.createFrom().voidItem();
    }

    /** What was flushed before is only put on the board: whoever wrote it may have died before that. */
    Uni<Void> write(UUID flush, Map<String, Long> counts) {
        return store.add(flush, counts)
                .invoke(now -> metrics.viewsFlushed(now ? sum(counts) : 0))
                .chain(() -> store.totals(counts.keySet()))
                .chain(board::raise);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
