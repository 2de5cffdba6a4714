package caravan.fleet.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Feels the {@link Pulse} of a fleet until it is closed; while PostgreSQL is away there is none. */
final class Watch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(250);

    private final Books books;
    private final Pulse pulse = new Pulse();
    private final Thread thread;
    private volatile boolean closed;

    private Watch(Books books) {
        this.books = books;
        this.thread = Thread.ofVirtual().name("watch").unstarted(this::run);
    }

    static Watch start(Books books) {
        Watch watch = new Watch(books);
        watch.thread.start();
        return watch;
    }

    Pulse pulse() {
        return pulse;
    }

    private void run() {
        while (!closed) {
            try (Connection orders = books.open("orders")) {
                look(orders);
            } catch (SQLException _) {
                LockSupport.parkNanos(EVERY.toNanos());
            }
        }
    }

    private void look(Connection orders) throws SQLException {
        while (!closed) {
            pulse.beat(System.nanoTime(), Books.standing(orders));
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            // Longer than any of its questions may take.
            thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
