package caravan.order;

import caravan.common.messaging.BrokerLogin;
import caravan.common.messaging.Faults;
import caravan.common.messaging.MessagingConfig;
import caravan.order.RebuildStore.Rebuild;
import caravan.order.RebuildStore.State;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Makes the read model anew from the topics, beside the projection, which goes on: a view is replaced only in the version
 * that was compared. One at a time, on a thread of its own. See decision record 0022.
 */
@Singleton
class ViewRebuild {

    private static final Logger LOG = Logger.getLogger(ViewRebuild.class);

    private final RebuildStore store;
    private final String bootstrapServers;
    private final BrokerLogin login;
    private final int rest;
    private volatile boolean stopping;

    ViewRebuild(RebuildStore store, MessagingConfig messaging, BrokerLogin login, OrderConfig config) {
        this.store = store;
        this.bootstrapServers = messaging.bootstrapServers();
        this.login = login;
        this.rest = config.rebuild().rest();
    }

    /** False when one runs already. */
    Uni<Boolean> start() {
        UUID run = UUID.randomUUID();
        return store.take(run).invoke(taken -> {
            if (taken) {
                Thread.ofVirtual().name("rebuild-views").start(() -> run(run));
            }
        });
    }

    Uni<Optional<Rebuild>> last() {
        return store.last();
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void run(UUID run) {
        LOG.infof("views are made anew from the topics, run=%s", run);
        try (PastEvents past = new PastEvents(bootstrapServers, login)) {
            RebuildRun work = new RebuildRun(run, past, store, rest, () -> stopping);
            try {
                work.all();
                work.tell(State.DONE);
                LOG.infof("views are as the topics tell them: %s", work.progress());
            } catch (RuntimeException e) {
                LOG.errorf(e, "views could not be made anew: %s", work.progress());
                work.fail(Faults.describe(e));
            }
        } catch (RuntimeException e) {
            LOG.errorf("the end of run=%s could not be told: %s", run, Faults.describe(e));
        }
    }
}
