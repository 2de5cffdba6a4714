package caravan.inventory;

import caravan.common.cache.CacheConfig;
import caravan.common.cache.RedisConfig;
import caravan.common.cache.WriteBehindConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "caravan.inventory")
interface InventoryConfig {

    /** Whether an empty catalogue is filled with the demo products at the start. */
    @WithDefault("true")
    boolean seed();

    Cache cache();

    /** Of the catalogue, and of how often its products are looked at. */
    interface Cache extends CacheConfig {

        RedisConfig redis();

        WriteBehindConfig writeBehind();
    }
}
