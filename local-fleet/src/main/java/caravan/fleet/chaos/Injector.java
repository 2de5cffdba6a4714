package caravan.fleet.chaos;

import caravan.fleet.Fleet;
import caravan.fleet.FleetException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The one place that hurts: one fault at a time. Closing heals whatever is not healed yet, and nothing is hurt afterwards; from any thread. */
final class Injector implements AutoCloseable {

    /** A cold JVM on two busy cores needs ten seconds; a start that failed once is tried again. */
    private static final Duration RESTART_BOUND = Duration.ofSeconds(90);

    private final Fleet fleet;
    private final Wires wires;
    private final Books books;
    private @Nullable Runnable open;
    private boolean closed;

    Injector(Fleet fleet, Wires wires) {
        this.fleet = fleet;
        this.wires = wires;
        this.books = new Books(fleet);
    }

    /**
     * Hurts, and returns as soon as it hurts.
     *
     * @throws FleetException when it cannot be done now, or this is closed
     */
    synchronized Injection inject(Fault fault) {
        if (closed) {
            throw new FleetException("The campaign is being stopped.");
        }
        Injection injection = attempt(fault);
        if (injection instanceof Injection.Done(Runnable heal)) {
            open = heal;
            return new Injection.Done(this::heal);
        }
        return injection;
    }

    private Injection attempt(Fault fault) {
        return switch (fault) {
            case Fault.Kill(String part) -> {
                fleet.kill(part);
                yield new Injection.Done(() -> {});
            }
            case Fault.Stop(String part, Duration _) -> {
                fleet.pause(part);
                yield new Injection.Done(() -> fleet.resume(part));
            }
            case Fault.EndSessions() -> endSessions();
            case Fault.ResetBroker() -> {
                wires.resetBroker();
                yield new Injection.Done(() -> {});
            }
            case Fault.Partition(String service, Duration _) -> {
                wires.freeze(service);
                yield new Injection.Done(() -> wires.thaw(service));
            }
            case Fault.SlowDisk(String part, Duration perFlush, Duration _) ->
                SlowFlushes.attach(fleet.processes(part), perFlush);
        };
    }

    private Injection endSessions() {
        try {
            books.endSessions();
            return new Injection.Done(() -> {});
        } catch (SQLException e) {
            throw new FleetException("The sessions cannot be ended: " + e.getMessage(), e);
        }
    }

    /** Ends what was injected last, unless that has ended. */
    synchronized void heal() {
        Runnable heal = open;
        open = null;
        if (heal != null) {
            heal.run();
        }
    }

    /**
     * Waits for what heals by itself: who was killed is back.
     *
     * @throws FleetException when it is not, after a minute and a half
     */
    void awaitHealed(Fault fault) {
        if (fault instanceof Fault.Kill(String part)) {
            fleet.awaitReady(part, RESTART_BOUND);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        heal();
    }
}
