package caravan.gateway.proxy.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time by which answers get old: it stands still until a test moves it. */
@Alternative
@Singleton
public class MovableTicker implements Ticker {

    private final AtomicLong nanos = new AtomicLong(1_000_000_000);

    @Override
    public long read() {
        return nanos.get();
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
