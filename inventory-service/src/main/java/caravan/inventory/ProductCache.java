package caravan.inventory;

import caravan.common.cache.CacheAside;
import caravan.common.cache.CacheMetrics;
import caravan.common.cache.Loaded;
import caravan.common.cache.Served;
import caravan.inventory.ProductStore.Edited;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Products as they are answered, in Redis. Edits go through it and adjustments of stock remove the entry; orders leave it alone, so that
 * {@code onHand} may be as old as an answer says it is.
 */
@Singleton
class ProductCache {

    private static final String PREFIX = "inventory:product:";

    private final CacheAside<Rendering> cache;
    private final CatalogueStore catalogue;
    private final ObjectMapper json;

    ProductCache(
            InventoryRedis redis,
            InventoryConfig config,
            MeterRegistry meters,
            CatalogueStore catalogue,
            ObjectMapper json) {
        if (config.cache().deadAfter().compareTo(Validators.MAX_AGE) > 0) {
            throw new IllegalArgumentException(
                    "caravan.inventory.cache.dead-after can be %d s at most: that is how long an answer may be kept"
                            .formatted(Validators.MAX_AGE.toSeconds()));
        }
        this.cache = new CacheAside<>(
                redis.line(), config.cache(), Rendering.FORMAT, new CacheMetrics(meters, "products"), PREFIX);
        this.catalogue = catalogue;
        this.json = json;
    }

    Uni<Served<Rendering>> find(String sku) {
        return cache.get(sku, () -> load(sku));
    }

    /** For whoever has to see a write of which only the database knows for certain. */
    Uni<Served<Rendering>> findInDatabase(String sku) {
        return cache.past(() -> load(sku));
    }

    Uni<Edited> edit(String sku, Supplier<Uni<Edited>> edit) {
        return cache.write(sku, edit, edited -> switch (edited) {
            case Edited.Created created -> Optional.of(loaded(created.product()));
            case Edited.Replaced replaced -> Optional.of(loaded(replaced.product()));
            case Edited.PreconditionRequired _, Edited.PreconditionFailed _ -> Optional.empty();
        });
    }

    /** The stock of it is another. */
    Uni<Void> forget(String sku) {
        return cache.invalidate(sku, 0);
    }

    private Uni<Loaded<Rendering>> load(String sku) {
        return catalogue.find(sku).map(found -> found.map(this::loaded).orElseGet(Loaded::absent));
    }

    private Loaded<Rendering> loaded(ProductView product) {
        return new Loaded<>(product.version(), Rendering.of(product, json));
    }
}
