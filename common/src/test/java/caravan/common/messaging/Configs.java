package caravan.common.messaging;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The messaging configuration of a test, with short waits. */
final class Configs {

    private Configs() {}

    static MessagingConfig with(Map<String, String> values) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "quarkus.application.name",
                "test-service",
                "caravan.messaging.first-wait",
                "1ms",
                "caravan.messaging.longest-wait",
                "20ms"));
        all.putAll(values);
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withMapping(MessagingConfig.class)
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter());
        all.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(MessagingConfig.class);
    }
}
