package caravan.inventory;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Redis for one test, which it may kill. The test may be in another class loader: what it gets is a {@link Consumer} that takes kill,
 * restart, freeze, thaw.
 */
public final class OwnRedisResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable OwnRedis redis;

    /** After the backends, whose Redis this one replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        OwnRedis own = Backends.ownRedis();
        redis = own;
        return Map.of("caravan.redis.url", own.url());
    }

    @Override
    public void inject(TestInjector injector) {
        Consumer<String> control = this::control;
        injector.injectIntoFields(control, new TestInjector.MatchesType(Consumer.class));
    }

    private void control(String what) {
        OwnRedis own = Objects.requireNonNull(redis);
        switch (what) {
            case "kill" -> own.kill();
            case "restart" -> own.restart();
            case "freeze" -> own.freeze();
            case "thaw" -> own.thaw();
            default -> throw new IllegalArgumentException(what);
        }
    }

    @Override
    public void stop() {
        if (redis != null) {
            redis.close();
        }
    }
}
