package caravan.gateway.proxy;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Streams that go through this process. When it stops they are ended, not waited for and not cut off: a client comes again with
 * the last id that it has, at a gateway that stays. Any thread.
 */
@Singleton
class OpenStreams {

    private static final Logger LOG = Logger.getLogger(OpenStreams.class);

    private final Map<Runnable, Context> open = new ConcurrentHashMap<>();
    private volatile boolean closing;

    OpenStreams(ProxyMetrics metrics) {
        metrics.watchStreams(open::size);
    }

    /** @param end called at most once, on the context of the caller */
    void add(Runnable end) {
        Context context = Vertx.currentContext();
        open.put(end, context);
        if (closing) {
            context.runOnContext(_ -> end(end));
        }
    }

    void remove(Runnable end) {
        open.remove(end);
    }

    /** Before the server counts the seconds for requests that are still open. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closing = true;
        LOG.infof("%d streams are ended", open.size());
        open.forEach((end, context) -> context.runOnContext(_ -> end(end)));
    }

    private void end(Runnable end) {
        if (open.remove(end) != null) {
            end.run();
        }
    }
}
