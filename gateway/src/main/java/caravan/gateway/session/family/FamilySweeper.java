package caravan.gateway.session.family;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Removes sessions that are long over, and denials of tokens that have expired. Several gateways may do so at once. */
@Singleton
class FamilySweeper {

    private static final Logger LOG = Logger.getLogger(FamilySweeper.class);

    private final FamilyStore store;
    private final DenyList denyList;
    private final FamilyConfig config;
    private final Vertx vertx;
    private final AtomicBoolean running = new AtomicBoolean();
    private long timer;

    FamilySweeper(FamilyStore store, DenyList denyList, FamilyConfig config, Vertx vertx) {
        this.store = store;
        this.denyList = denyList;
        this.config = config;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.sweepEvery().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void tick() {
        if (running.compareAndSet(false, true)) {
            denyList.prune()
                    .chain(store::sweep)
                    .onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("the sweep of sessions waits: %s", fault));
        }
    }
}
