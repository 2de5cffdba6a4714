package caravan.gateway.proxy;

import io.smallrye.faulttolerance.api.TypedGuard;
import jakarta.enterprise.util.TypeLiteral;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A bulkhead: so many requests of one service are under way at once, a few more wait. Any thread. */
final class Places {

    private static final TypeLiteral<CompletionStage<Void>> STAGE = new TypeLiteral<>() {
        private static final long serialVersionUID = 1;
    };

    private final AtomicInteger active = new AtomicInteger();
    private final int limit;
    private final TypedGuard<CompletionStage<Void>> guard;

    Places(int limit, int waiting) {
        this.limit = limit;
        this.guard = TypedGuard.create(STAGE)
                .withThreadOffload(false)
                .withBulkhead()
                .limit(limit)
                .queueSize(waiting)
                .done()
                .build();
    }

    /**
     * Runs something that keeps its place until its stage completes. It may begin later, and on the thread of whoever left.
     * Fails with a bulkhead's exception when there is no room to wait either.
     */
    CompletionStage<Void> take(Supplier<CompletionStage<Void>> work) {
        return guard.get(() -> {
            active.incrementAndGet();
            return work.get().whenComplete((_, _) -> active.decrementAndGet());
        });
    }

    int active() {
        return active.get();
    }

    int limit() {
        return limit;
    }
}
