package caravan.fleet;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one part running: after the first start, which the fleet waits for and may see fail, or does not wait for at all, it starts the part again whenever it ends,
 * with back-off, until it is closed.
 */
final class Keeper implements AutoCloseable {
    private static final long PROBE_EVERY_MS = 200;
    private static final long HOPE_EVERY_MS = 5_000;

    private final Part part;
    private final DataFolder folder;
    private final Console console;
    private final Runnable changed;
    private final AtomicReference<@Nullable Child> child = new AtomicReference<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Thread watch;

    Keeper(Part part, DataFolder folder, Console console, Runnable changed) {
        this.part = part;
        this.folder = folder;
        this.console = console;
        this.changed = changed;
    }

    Part part() {
        return part;
    }

    int restarts() {
        return restarts.get();
    }

    @Nullable
    Child child() {
        return child.get();
    }

    /** Whether the part runs and does its work now. */
    boolean ready() {
        Child current = child.get();
        return current != null && current.alive() && part.ready();
    }

    /**
     * Starts the part and returns when it is ready; watches it from then on.
     *
     * @throws FleetException when it cannot be started or does not get ready; it is not running then
     */
    synchronized void start() {
        if (closing.get()) {
            throw new FleetException("The fleet is being stopped.");
        }
        Child first = Child.start(part, folder);
        child.set(first);
        if (closing.get()) {
            // close() may have looked for a child a moment too early.
            first.close();
        }
        changed.run();
        try {
            first.awaitReady();
        } catch (FleetException e) {
            first.close();
            child.set(null);
            throw e;
        }
        console.say(part.name() + " is ready on port " + part.ports().getFirst());
        changed.run();
        watch = Thread.ofVirtual().name("keeper-" + part.name()).start(() -> watch(first));
    }

    /** Returns at once. A start that fails is told like any other end, and tried again. */
    synchronized void startUnattended() {
        if (!closing.get()) {
            watch = Thread.ofVirtual().name("keeper-" + part.name()).start(() -> watch(null));
        }
    }

    void kill() {
        Child current = child.get();
        if (current == null || !current.alive()) {
            throw new FleetException(part.name() + " is not running.");
        }
        current.kill();
    }

    /** Stops the part in good order and returns when it is gone. */
    @Override
    public void close() {
        closing.set(true);
        closed.countDown();
        Thread watching = watch;
        if (watching != null) {
            watching.interrupt();
            try {
                watching.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        Child current = child.getAndSet(null);
        if (current != null) {
            current.close();
        }
    }

    /** @param running what is ready already, if anything is */
    private void watch(@Nullable Child running) {
        try {
            long startNs = System.nanoTime();
            int exitCode =
                    running == null ? run("is ready on port " + part.ports().getFirst()) : awaitEnd(running);
            Duration uptime = running == null ? since(startNs) : running.uptime();
            startAgainAndAgain(exitCode, uptime);
        } catch (InterruptedException _) {
            // Closing.
        }
    }

    private void startAgainAndAgain(int firstExitCode, Duration firstUptime) throws InterruptedException {
        Backoff backoff = Backoff.NONE;
        int exitCode = firstExitCode;
        Duration uptime = firstUptime;
        while (!closing.get()) {
            backoff = backoff.after(uptime);
            console.say(part.name() + " ended (exit code " + exitCode + "); it is started again in "
                    + backoff.pause().toMillis() + " ms");
            if (closed.await(backoff.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            restarts.incrementAndGet();
            long startNs = System.nanoTime();
            exitCode = run("is ready again");
            uptime = since(startNs);
        }
    }

    /** Returns the exit code; 1 when the part could not be started at all. A part that only waits for another one to come back is left alone. */
    private int run(String whenReady) throws InterruptedException {
        try {
            Child next = Child.start(part, folder);
            child.set(next);
            if (closing.get()) {
                // close() may have looked for this thread a moment too early.
                next.close();
            }
            changed.run();
            while (next.alive() && !part.ready()) {
                Thread.sleep(PROBE_EVERY_MS);
            }
            if (next.alive()) {
                part.onReady();
                console.say(part.name() + " " + whenReady);
                changed.run();
            }
            return awaitEnd(next);
        } catch (FleetException | UncheckedIOException e) {
            if (!closing.get()) {
                console.say(String.valueOf(e.getMessage()));
            }
            return 1;
        }
    }

    /** Returns the exit code, also when it was this keeper who gave the part up. */
    private int awaitEnd(Child running) throws InterruptedException {
        while (!running.ended(HOPE_EVERY_MS)) {
            if (part.beyondHope()) {
                console.say(part.name() + " cannot go on as it is");
                running.close();
            }
        }
        return running.awaitExit();
    }

    private static Duration since(long startNs) {
        return Duration.ofNanos(System.nanoTime() - startNs);
    }
}
