package caravan.fleet.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the backends of this test JVM listen, under the configuration keys that services read. */
public record BackendAddresses(Map<String, String> config) {
    public BackendAddresses {
        config = Map.copyOf(config);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + dbHost() + ":" + dbPort() + "/" + database;
    }

    public String dbHost() {
        return value("caravan.db.host");
    }

    public int dbPort() {
        return Integer.parseInt(value("caravan.db.port"));
    }

    public String dbUser() {
        return value("caravan.db.user");
    }

    public String dbPassword() {
        return value("caravan.db.password");
    }

    public String kafka() {
        return value("kafka.bootstrap.servers");
    }

    public String redisUrl() {
        return value("caravan.redis.url");
    }

    BackendAddresses and(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(config);
        all.putAll(more);
        return new BackendAddresses(all);
    }

    private String value(String key) {
        return Optional.ofNullable(config.get(key))
                .orElseThrow(() -> new IllegalStateException("No " + key + " in " + config));
    }
}
