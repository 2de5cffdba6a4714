package caravan.gateway.session.family;

import caravan.common.auth.AccessToken;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Notes which generations of sessions have arrived at their owners: an access token of it was used. Cheap for requests: one
 * look into a map; the first use of a generation is queued and written with others. A note that gets lost makes the session
 * more lenient (an old token gets the same successor instead of ending it), never less, and the next use notes it again.
 */
@Singleton
public class SeenNotes {

    private static final Logger LOG = Logger.getLogger(SeenNotes.class);

    /** Sessions of a busy quarter of an hour, at about 100 bytes each. */
    private static final int REMEMBERED = 20_000;

    private static final int WAITING = 10_000;
    private static final int BATCH = 1_000;

    private record Note(UUID session, int generation) {}

    private final FamilyStore store;
    private final FamilyConfig config;
    private final FamilyMetrics metrics;
    private final Vertx vertx;
    private final Cache<UUID, Integer> noted =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final BlockingQueue<Note> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicBoolean running = new AtomicBoolean();
    private long timer;

    SeenNotes(FamilyStore store, FamilyConfig config, FamilyMetrics metrics, Vertx vertx) {
        this.store = store;
        this.config = config;
        this.metrics = metrics;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.seenFlush().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Any thread; does not block. */
    public void used(AccessToken token) {
        int generation = token.generation();
        if (generation == 0) {
            return;
        }
        Integer known = noted.getIfPresent(token.session());
        if (known == null || known < generation) {
            note(new Note(token.session(), generation));
        }
    }

    private void note(Note note) {
        if (waiting.offer(note)) {
            noted.put(note.session(), note.generation());
        } else {
            metrics.seenLost(1);
        }
    }

    private void tick() {
        if (!waiting.isEmpty() && running.compareAndSet(false, true)) {
            flush().onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("what was seen is not written: %s", fault));
        }
    }

    private Uni<Void> flush() {
        List<Note> batch = new ArrayList<>();
        waiting.drainTo(batch, BATCH);
        return store.seen(
                        batch.stream().map(Note::session).toArray(UUID[]::new),
                        batch.stream().map(Note::generation).toArray(Integer[]::new))
                .onFailure()
                .invoke(() -> forget(batch));
    }

    /** So that the next use is the first again. */
    private void forget(List<Note> batch) {
        metrics.seenLost(batch.size());
        batch.forEach(note -> noted.asMap().remove(note.session(), note.generation()));
    }
}
