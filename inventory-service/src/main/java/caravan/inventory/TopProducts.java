package caravan.inventory;

import caravan.common.cache.CacheAside;
import caravan.common.cache.CacheMetrics;
import caravan.common.cache.Loaded;
import caravan.common.cache.Served;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** The most viewed products with their names: from the leaderboard, or from the table while there is none. */
@Singleton
class TopProducts {

    private static final Logger LOG = Logger.getLogger(TopProducts.class);
    private static final String PREFIX = "inventory:top:";

    record Top(List<Viewed> items) {}

    private final CacheAside<Rendering> cache;
    private final Leaderboard board;
    private final ViewStore store;
    private final ObjectMapper json;

    TopProducts(
            InventoryRedis redis,
            InventoryConfig config,
            MeterRegistry meters,
            Leaderboard board,
            ViewStore store,
            ObjectMapper json) {
        this.cache = new CacheAside<>(
                redis.line(), config.cache(), Rendering.FORMAT, new CacheMetrics(meters, "top"), PREFIX);
        this.board = board;
        this.store = store;
        this.json = json;
    }

    Uni<Served<Rendering>> first(int limit) {
        return cache.get(Integer.toString(limit), () -> load(limit));
    }

    Uni<Served<Rendering>> firstInDatabase(int limit) {
        return cache.past(() -> store.top(limit).map(this::rendered));
    }

    private Uni<Loaded<Rendering>> load(int limit) {
        return board.top(limit)
                .onFailure()
                .recoverWithItem(Map.of())
                .chain(views -> views.isEmpty() ? fromTable(limit) : named(views))
                .map(this::rendered);
    }

    private Uni<List<Viewed>> fromTable(int limit) {
        board.rebuild().subscribe().with(_ -> {}, fault -> LOG.debugf("no leaderboard: %s", fault));
        return store.top(limit);
    }

    private Uni<List<Viewed>> named(Map<String, Long> views) {
        // A product that only Redis knows is left over from another database.
        return store.names(views.keySet())
                .map(names -> views.entrySet().stream()
                        .filter(each -> names.containsKey(each.getKey()))
                        .map(each -> new Viewed(each.getKey(), names.getOrDefault(each.getKey(), ""), each.getValue()))
                        .toList());
    }

    /** Counts have no version: of two loads the later one stays. */
    private Loaded<Rendering> rendered(List<Viewed> items) {
        return new Loaded<>(0, Rendering.of(new Top(items), json));
    }
}
