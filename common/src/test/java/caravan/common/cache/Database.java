package caravan.common.cache;

import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One value with its version, and loads of it that take as long as a test wants. Each sees what was there when it began. */
final class Database {

    private record Waiting(UniEmitter<? super Loaded<String>> emitter, Loaded<String> seen) {}

    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private volatile Loaded<String> now;

    Database(Loaded<String> now) {
        this.now = now;
    }

    static Loaded<String> version(long version) {
        return new Loaded<>(version, "v" + version);
    }

    void set(Loaded<String> value) {
        now = value;
    }

    int loads() {
        return loads.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** One that is there at once. */
    Supplier<Uni<Loaded<String>>> quick() {
        return () -> {
            loads.incrementAndGet();
            return Uni.createFrom().item(now);
        };
    }

    /** One that ends with {@link #release}. */
    Supplier<Uni<Loaded<String>>> slow() {
        return () -> {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            Loaded<String> seen = now;
            return Uni.createFrom().emitter(emitter -> {
                waiting.add(new Waiting(emitter, seen));
                loads.incrementAndGet();
            });
        };
    }

    void awaitLoads(int many) {
        await().atMost(OneProcess.BOUND)
                .pollInterval(java.time.Duration.ofMillis(2))
                .until(() -> loads() >= many);
    }

    /** Those that have begun by now. */
    void release() {
        Queue<Waiting> all = new ArrayDeque<>();
        for (Waiting each = waiting.poll(); each != null; each = waiting.poll()) {
            all.add(each);
        }
        atOnce.addAndGet(-all.size());
        all.forEach(each -> each.emitter().complete(each.seen()));
    }
}
