package caravan.fleettests;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Does something at a steady rate until it is closed, each time on a thread of its own: a slow one holds up no other. */
final class Beat implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final long gapNs;
    private final Duration patience;
    private final IntConsumer each;
    private final Thread clock;
    private volatile boolean closed;

    private Beat(int perSecond, Duration patience, IntConsumer each) {
        this.gapNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.patience = patience;
        this.each = each;
        this.clock = Thread.ofPlatform().start(this::go);
    }

    /**
     * @param patience with what is under way at the end
     * @param each gets 0, 1, 2 …
     */
    static Beat start(int perSecond, Duration patience, IntConsumer each) {
        return new Beat(perSecond, patience, each);
    }

    boolean isOpen() {
        return !closed;
    }

    /** On one more thread, which is waited for as well. */
    void besides(Runnable work) {
        threads.execute(work);
    }

    private void go() {
        long startNs = System.nanoTime();
        for (int i = 0; !closed; i++) {
            LockSupport.parkNanos(startNs + i * gapNs - System.nanoTime());
            int count = i;
            threads.execute(() -> each.accept(count));
        }
    }

    /** Nothing more begins; returns when all that is under way has ended. */
    @Override
    public void close() {
        closed = true;
        try {
            clock.join();
            threads.shutdown();
            threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
