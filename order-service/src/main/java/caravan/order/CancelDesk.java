package caravan.order;

import caravan.common.messaging.OutboxRelay;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes requests to cancel and waits a moment for the saga: only that knows whether the parcel has left. When it does not
 * say so in time, the request is accepted, and the order shows how it ends.
 */
@Singleton
class CancelDesk {

    private final CancelStore store;
    private final OutboxRelay relay;
    private final OrderMetrics metrics;
    private final OrderConfig.Cancel config;
    private final Set<KeyScope> underWay = ConcurrentHashMap.newKeySet();

    CancelDesk(CancelStore store, OutboxRelay relay, OrderMetrics metrics, OrderConfig config) {
        this.store = store;
        this.relay = relay;
        this.metrics = metrics;
        this.config = config.cancel();
    }

    /** Empty when a request with this key is under way here; never {@link CancelVerdict.Open}. */
    Uni<Optional<CancelVerdict>> submit(CancelRequest request) {
        KeyScope scope = request.scope();
        if (!underWay.add(scope)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return store.request(request)
                .chain(verdict -> settled(request, verdict))
                .onTermination()
                .invoke(() -> underWay.remove(scope))
                .invoke(metrics::cancelDecided)
                .map(Optional::of);
    }

    private Uni<CancelVerdict> settled(CancelRequest request, CancelVerdict verdict) {
        return switch (verdict) {
            case CancelVerdict.Unknown _, CancelVerdict.KeyReused _, CancelVerdict.Settled _ ->
                Uni.createFrom().item(verdict);
            case CancelVerdict.Open(boolean replayed) -> {
                relay.wake();
                yield decision(request, Instant.now().plus(patience()))
                        .chain(progress -> store.settle(request, progress.answer(request.at()), replayed));
            }
        };
    }

    private Duration patience() {
        return underWay.size() > config.maxWaiting() ? Duration.ZERO : config.decisionWithin();
    }

    private Uni<CancelProgress> decision(CancelRequest request, Instant end) {
        return store.progress(request)
                .chain(progress -> progress.isDecided() || !Instant.now().isBefore(end)
                        ? Uni.createFrom().item(progress)
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(config.lookEvery())
                                .chain(() -> decision(request, end)));
    }
}
