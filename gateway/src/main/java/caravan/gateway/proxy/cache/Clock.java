package caravan.gateway.proxy.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The time by which answers get old, where a test does not bring its own. It only goes on, whatever is done to the date. */
class Clock {

    @Produces
    @Singleton
    @DefaultBean
    Ticker system() {
        return Ticker.systemTicker();
    }
}
