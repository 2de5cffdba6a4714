package caravan.gateway.session;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A clock that can be moved, a throttle that can be shut, and accounts from the configuration. */
public class SessionsProfile implements QuarkusTestProfile {

    static final String PASSWORD = "correct horse 7 battery";
    static final String CLIENT_ID = "01900000-0000-7000-8000-00000000c11e";
    static final String CLIENT_SECRET = "secret+of/the=client:0123456789abcdef";

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(MovableClock.class, TestThrottle.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> config = new HashMap<>();
        config.put("caravan.gateway.bootstrap.customer.email", "customer@example.com");
        config.put("caravan.gateway.bootstrap.customer.password", PASSWORD);
        config.put("caravan.gateway.bootstrap.customer.name", "Carla Customer");
        config.put("caravan.gateway.bootstrap.operator.email", "operator@example.com");
        config.put("caravan.gateway.bootstrap.operator.password", PASSWORD);
        config.put("caravan.gateway.bootstrap.operator.name", "Otto Operator");
        config.put("caravan.gateway.bootstrap.client.id", CLIENT_ID);
        config.put("caravan.gateway.bootstrap.client.secret", CLIENT_SECRET);
        config.put("caravan.gateway.bootstrap.client.name", "Shop");
        config.put("caravan.gateway.bootstrap.client.email", "shop@example.com");
        return config;
    }

    /** The same without a Redis: nobody listens there. */
    public static class WithoutRedis extends SessionsProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = super.getConfigOverrides();
            config.put("quarkus.redis.hosts", "redis://127.0.0.1:1");
            return config;
        }
    }
}
