package caravan.shipment;

import caravan.common.messaging.Faults;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** The simulated carrier comes by and takes the parcels that have waited long enough. Replicas share the work. */
@Singleton
class PickUpSweeper {

    private static final Logger LOG = Logger.getLogger(PickUpSweeper.class);

    private final ShipmentStore store;
    private final ShipmentConfig config;
    private final Vertx vertx;
    private final AtomicBoolean running = new AtomicBoolean();
    private long timer;

    PickUpSweeper(ShipmentStore store, ShipmentConfig config, Vertx vertx) {
        this.store = store;
        this.config = config;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.pickUpEvery().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void tick() {
        if (running.compareAndSet(false, true)) {
            sweep(Instant.now())
                    .onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("parcels wait: %s", Faults.describe(fault)));
        }
    }

    /** Until no parcel is left that was arranged long enough before {@code now}. */
    Uni<Void> sweep(Instant now) {
        return store.dispatch(now.minus(config.dispatchAfter()), config.maxLoad())
                .chain(taken -> taken < config.maxLoad() ? Uni.createFrom().voidItem() : sweep(now));
    }
}
