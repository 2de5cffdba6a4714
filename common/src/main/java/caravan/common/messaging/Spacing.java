package caravan.common.messaging;

import io.vertx.core.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the starts of batches apart: a transaction costs the same whatever is in it, so that under load few with much are
 * cheaper than many with little. Nothing waits after a time of rest. Confined to one context.
 */
final class Spacing {

    private final Context context;
    private final long gapNs;
    private @Nullable Long lastNs;
    private boolean waiting;

    Spacing(Context context, Duration gap) {
        this.context = context;
        this.gapNs = gap.toNanos();
    }

    /** Whether something may start now, which then counts as started; if not, {@code later} is called once it may. */
    boolean start(Runnable later) {
        long now = System.nanoTime();
        long waitNs = lastNs == null ? 0 : lastNs + gapNs - now;
        if (waitNs <= 0) {
            lastNs = now;
            return true;
        }
        if (!waiting) {
            waiting = true;
            context.owner().setTimer(Math.ceilDiv(waitNs, 1_000_000), _ -> {
                waiting = false;
                later.run();
            });
        }
        return false;
    }
}
