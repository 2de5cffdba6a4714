package caravan.order;

import caravan.common.messaging.Batcher;
import caravan.common.messaging.OutboxRelay;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where drafts queue up: those that come while a batch is being stored share the next commit. */
@Singleton
class OrderDesk {

    private final Batcher<Draft, Decided> batcher;
    private final AcceptStore store;
    private final OutboxRelay relay;
    private final OrderMetrics metrics;
    private final Set<KeyScope> underWay = ConcurrentHashMap.newKeySet();

    OrderDesk(Vertx vertx, OrderConfig config, AcceptStore store, OutboxRelay relay, OrderMetrics metrics) {
        OrderConfig.Accept accept = config.accept();
        this.batcher = new Batcher<>(
                vertx.getOrCreateContext(),
                accept.maxBatch(),
                accept.maxWaiting(),
                accept.maxUnderWay(),
                accept.gap(),
                this::store);
        this.store = store;
        this.relay = relay;
        this.metrics = metrics;
    }

    /** Empty when a draft with this key is under way here. On another replica the two meet in the database. */
    Uni<Optional<Decided>> submit(Draft draft) {
        KeyScope scope = draft.scope();
        if (!underWay.add(scope)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return batcher.submit(draft)
                .onTermination()
                .invoke(() -> underWay.remove(scope))
                .invoke(decided -> metrics.decided(decided.verdict()))
                .map(Optional::of);
    }

    private Uni<List<Decided>> store(List<Draft> batch) {
        metrics.accepting(batch.size());
        return store.accept(batch).invoke(decided -> {
            if (decided.stream().map(Decided::verdict).anyMatch(Verdict.Accepted.class::isInstance)) {
                relay.wake();
            }
        });
    }
}
