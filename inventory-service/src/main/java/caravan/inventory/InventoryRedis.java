package caravan.inventory;

import caravan.common.cache.RedisLine;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The connection to Redis that everybody here shares. No part of health: without it all goes on, only slower. */
@Singleton
class InventoryRedis {

    private final RedisLine line;

    InventoryRedis(
            Vertx vertx,
            @ConfigProperty(name = "caravan.redis.url") String url,
            InventoryConfig config,
            MeterRegistry meters) {
        this.line = new RedisLine(vertx, url, config.cache().redis(), meters);
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        line.open();
    }

    /** After everybody who still has something to say. */
    void stop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        line.close();
    }

    RedisLine line() {
        return line;
    }
}
