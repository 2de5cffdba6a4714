package caravan.common.cache;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** As a service has them, with what a test wants otherwise. */
@ConfigMapping(prefix = "cache")
interface Settings extends CacheConfig {

    RedisConfig redis();

    WriteBehindConfig writeBehind();

    static Settings with(Map<String, String> wanted) {
        Map<String, String> values = new HashMap<>();
        wanted.forEach((key, value) -> values.put("cache." + key, value));
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(Settings.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(Settings.class);
    }
}
