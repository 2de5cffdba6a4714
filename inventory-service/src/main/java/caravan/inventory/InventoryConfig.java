package caravan.inventory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "caravan.inventory")
interface InventoryConfig {

    /** Whether an empty catalogue is filled with the demo products at the start. */
    @WithDefault("true")
    boolean seed();
}
