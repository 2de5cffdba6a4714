package caravan.order;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Who waits for an order to change. What this process projects wakes them at once; what another replica projects is found by
 * one query for everybody who waits, every so often, and only while somebody does. Between looks a watcher holds a
 * place in a map and a timer, no connection to the database and no thread. Safe to use from any thread; a watcher is called
 * on the context it came from.
 */
@Singleton
class OrderWatch {

    private record Waiting(
            UUID order, int known, Context context, UniEmitter<? super Optional<ViewStore.Stored>> emitter) {

        void wake(Optional<ViewStore.Stored> view) {
            context.runOnContext(_ -> emitter.complete(view));
        }
    }

    private static final Logger LOG = Logger.getLogger(OrderWatch.class);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final ViewStore views;
    private final OrderConfig.Watch config;
    private final Vertx vertx;
    private final Map<UUID, Set<Waiting>> byOrder = new ConcurrentHashMap<>();
    private final AtomicInteger watchers = new AtomicInteger();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean blind;
    private volatile boolean closing;
    private long timer;

    OrderWatch(ViewStore views, OrderConfig config, OrderMetrics metrics, Vertx vertx) {
        this.views = views;
        this.config = config.watch();
        this.vertx = vertx;
        metrics.watchers(this::watchers);
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.every().toMillis(), _ -> tick());
    }

    /** Before the server counts the seconds for requests that are still open: watchers are let go, not waited for. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closing = true;
        LOG.infof("%d who wait for their orders are let go", watchers());
        byOrder.values().forEach(waiting -> waiting.forEach(one -> one.wake(Optional.empty())));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    boolean isClosing() {
        return closing;
    }

    int watchers() {
        return watchers.get();
    }

    /** Does the work as one of a bounded number of watchers; fails with a {@link ProblemException} when there is no place. */
    <T> Uni<T> admit(Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            if (watchers.incrementAndGet() > config.max()) {
                watchers.decrementAndGet();
                return Uni.createFrom().failure(full());
            }
            return work.onTermination().invoke(watchers::decrementAndGet);
        });
    }

    /** The view as soon as it is {@code wanted}, or as it is when the time is over. */
    Uni<ViewStore.Stored> until(Predicate<ViewStore.Stored> wanted, ViewStore.Stored view, Duration time) {
        return wanted.test(view)
                ? Uni.createFrom().item(view)
                : admit(await(wanted, view, System.nanoTime() + time.toNanos()));
    }

    private Uni<ViewStore.Stored> await(Predicate<ViewStore.Stored> wanted, ViewStore.Stored view, long deadline) {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative() || wanted.test(view)) {
            return Uni.createFrom().item(view);
        }
        return next(view, left)
                .chain(found -> found.map(newer -> await(wanted, newer, deadline))
                        .orElseGet(() -> Uni.createFrom().item(view)));
    }

    /** The order's view when it is newer than {@code known}; empty when the time is over, or this process stops. */
    Uni<Optional<ViewStore.Stored>> next(ViewStore.Stored known, Duration time) {
        return Uni.createFrom().emitter(emitter -> {
            Waiting waiting = new Waiting(known.id(), known.version(), vertx.getOrCreateContext(), emitter);
            long alarm = vertx.setTimer(Math.max(1, time.toMillis()), _ -> waiting.wake(Optional.empty()));
            emitter.onTermination(() -> {
                vertx.cancelTimer(alarm);
                remove(waiting);
            });
            add(waiting);
            if (closing) {
                waiting.wake(Optional.empty());
            }
        });
    }

    /** This process has changed these orders, and the change is committed. */
    void changed(Collection<UUID> orders) {
        List<UUID> watched =
                orders.stream().filter(byOrder::containsKey).distinct().toList();
        if (!watched.isEmpty()) {
            look(watched).subscribe().with(_ -> {}, _ -> {});
        }
    }

    private void tick() {
        if (!byOrder.isEmpty() && looking.compareAndSet(false, true)) {
            look(byOrder.keySet())
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .subscribe()
                    .with(_ -> {}, _ -> {});
        }
    }

    private Uni<List<ViewStore.Stored>> look(Collection<UUID> orders) {
        Map<UUID, Integer> known = new HashMap<>();
        for (UUID order : orders) {
            waiting(order).forEach(one -> known.merge(order, one.known(), Math::min));
        }
        return views.newer(known)
                .invoke(found -> {
                    blind = false;
                    found.forEach(this::wake);
                })
                .onFailure()
                .invoke(this::missed);
    }

    private void wake(ViewStore.Stored view) {
        waiting(view.id()).stream()
                .filter(one -> one.known() < view.version())
                .forEach(one -> one.wake(Optional.of(view)));
    }

    /** Said once, not five times a second. The next look makes up for it. */
    private void missed(Throwable fault) {
        if (!blind) {
            blind = true;
            LOG.warnf("orders cannot be looked at, and who watches them waits: %s", Faults.describe(fault));
        }
    }

    private Set<Waiting> waiting(UUID order) {
        return byOrder.getOrDefault(order, Set.of());
    }

    private void add(Waiting waiting) {
        byOrder.compute(waiting.order(), (_, others) -> {
            Set<Waiting> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(waiting);
            return all;
        });
    }

    private void remove(Waiting waiting) {
        byOrder.computeIfPresent(waiting.order(), (_, all) -> {
            all.remove(waiting);
            return all.isEmpty() ? null : all;
        });
    }

    private static ProblemException full() {
        return new ProblemException(
                ProblemType.TEMPORARY_REDUCED_CAPACITY, "too many wait for their orders", List.of(), LATER);
    }
}
