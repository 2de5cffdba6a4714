package caravan.common.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** One switch sets two options of the client, which are opposites of each other. */
class StatementNamesTest {

    private static final String CACHE = "quarkus.datasource.reactive.cache-prepared-statements";
    private static final String PARSE_AGAIN = "quarkus.datasource.reactive.postgresql.use-layer7-proxy";

    @Test
    void areUsedByDefault() throws IOException {
        SmallRyeConfig config = config(Map.of());

        assertThat(config.getValue(CACHE, Boolean.class)).isTrue();
        assertThat(config.getValue(PARSE_AGAIN, Boolean.class)).isFalse();
    }

    @Test
    void areNotUsedBehindAPoolerThatDoesNotKnowThem() throws IOException {
        SmallRyeConfig config = config(Map.of("caravan.db.named-statements", "false"));

        assertThat(config.getValue(CACHE, Boolean.class)).isFalse();
        assertThat(config.getValue(PARSE_AGAIN, Boolean.class)).isTrue();
    }

    @Test
    void migrationsGoPastThePooler() throws IOException {
        SmallRyeConfig config = config(
                Map.of("caravan.db.name", "orders", "caravan.db.port", "6432", "caravan.db.direct.port", "5433"));

        assertThat(config.getValue("quarkus.datasource.reactive.url", String.class))
                .endsWith(":6432/orders");
        assertThat(config.getValue("quarkus.datasource.jdbc.url", String.class)).endsWith(":5433/orders");
    }

    private static SmallRyeConfig config(Map<String, String> environment) throws IOException {
        var defaults = Objects.requireNonNull(
                StatementNamesTest.class.getResource("/META-INF/microprofile-config.properties"));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(defaults, 100))
                .withSources(new PropertiesConfigSource(environment, "environment", 300))
                .build();
    }
}
