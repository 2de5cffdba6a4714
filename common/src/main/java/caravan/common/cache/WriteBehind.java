package caravan.common.cache;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts that reach the database later, many at once. They are summed here, added in Redis, and moved from there into the database by
 * one process at a time. {@link #count}, {@link #open} and {@link #close} from any thread.
 *
 * <p>Each count arrives once at most, whoever is killed at whatever moment. One that does not arrive was counted less than
 * {@code addEvery} before its process was killed, or less than {@code flushEvery} (and what Redis had not yet on disk) before Redis lost
 * its data; or before the database was away, while which they wait in Redis. While Redis is away they wait here. More keys than there is
 * room for are not counted.
 *
 * <p>Every step may be done again. A batch from here has a number, by which Redis knows it when its answer got lost. Counts in Redis
 * have an id from their first one on, by which the database knows them when whoever wrote them died before it removed them.
 */
public final class WriteBehind {

    private static final Logger LOG = Logger.getLogger(WriteBehind.class);

    private static final Script COUNT = Script.beside(WriteBehind.class, "count.lua");
    private static final Script SET_ASIDE = Script.beside(WriteBehind.class, "set-aside.lua");
    private static final Script FLUSHED = Script.beside(WriteBehind.class, "flushed.lua");

    /** The id among the counts. */
    private static final String ID = "#";

    /** Longer than a connection that broke within an answer takes to come back; the numbers of processes that ended go with it. */
    private static final Duration NUMBER_KEPT = Duration.ofDays(1);

    /** Where counts go. */
    @FunctionalInterface
    public interface Sink {

        /** Writes all of them, or nothing when counts with this id were written before. */
        Uni<Void> write(UUID id, Map<String, Long> counts);
    }

    private record Batch(long number, UUID id, Map<String, Long> counts) {}

    private record Aside(UUID id, Map<String, Long> counts) {}

    private final RedisLine line;
    private final Vertx vertx;
    private final String prefix;
    private final WriteBehindConfig config;
    private final Sink sink;

    /** This process among all that count. */
    private final UUID process = UUID.randomUUID();

    private final ConcurrentMap<String, Long> sums = new ConcurrentHashMap<>();

    /** Sent, and not known to have arrived. */
    private @Nullable Batch sent;

    private long batches;
    private boolean adding;
    private boolean flushing;
    private final List<Long> timers = new ArrayList<>();

    /**
     * Counts, and flushes nothing by itself before {@link #open}.
     *
     * @param prefix of all its keys in Redis, which nobody else has
     */
    public WriteBehind(RedisLine line, WriteBehindConfig config, Sink sink, String prefix) {
        this.line = line;
        this.vertx = line.context().owner();
        this.config = config;
        this.sink = sink;
        this.prefix = prefix;
    }

    public void open() {
        line.context().runOnContext(_ -> {
            timers.add(vertx.setPeriodic(config.addEvery().toMillis(), _ -> sendSums()));
            timers.add(vertx.setPeriodic(config.flushEvery().toMillis(), _ -> move()));
        });
    }

    /** Brings what is summed here to Redis, if it is there. */
    public Uni<Void> close() {
        return line.ask(_ -> {
            timers.forEach(vertx::cancelTimer);
            // What an unanswered batch leaves here goes behind it.
            return sendSums().compose(_ -> sendSums());
        });
    }

    /**
     * Does not wait for anything.
     *
     * @param key not {@code #}
     * @return false: there is no room for one more key
     */
    public boolean count(String key, long times) {
        if (sums.size() >= config.mostKeys() && !sums.containsKey(key)) {
            return false;
        }
        sums.merge(key, times, Long::sum);
        return true;
    }

    /** Brings what is summed here to Redis now. What does not arrive stays, and is tried again later. Never fails. */
    public Uni<Void> add() {
        return line.ask(_ -> sendSums());
    }

    /** Moves what Redis has into the database now, unless somebody else does. Gives whether there was something. */
    public Uni<Boolean> flush() {
        return line.ask(_ -> move());
    }

    private Future<Void> sendSums() {
        if (adding) {
            return Future.succeededFuture();
        }
        Batch batch = sent == null ? drained() : sent;
        if (batch == null) {
            return Future.succeededFuture();
        }
        adding = true;
        sent = batch;
        return line.run(COUNT, List.of(prefix + "counting", prefix + "of:" + process), arguments(batch))
                .onComplete(_ -> adding = false)
                .onSuccess(_ -> sent = null)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private @Nullable Batch drained() {
        Map<String, Long> counts = new HashMap<>();
        for (String key : sums.keySet()) {
            Long sum = sums.remove(key);
            if (sum != null) {
                counts.put(key, sum);
            }
        }
        return counts.isEmpty() ? null : new Batch(++batches, UUID.randomUUID(), counts);
    }

    private Object[] arguments(Batch batch) {
        List<Object> arguments =
                new ArrayList<>(List.of(batch.number(), batch.id(), config.mostKeys(), NUMBER_KEPT.toMillis()));
        batch.counts().forEach((key, times) -> {
            arguments.add(key);
            arguments.add(times);
        });
        return arguments.toArray();
    }

    private Future<Boolean> move() {
        if (flushing) {
            return Future.succeededFuture(false);
        }
        flushing = true;
        return Lease.take(line, prefix + "flusher", config.leaseLife())
                .compose(lease -> lease.map(this::moveUnder).orElseGet(() -> Future.succeededFuture(false)))
                .onComplete(_ -> flushing = false)
                .onFailure(fault -> LOG.debugf("counts stay where they are: %s", fault));
    }

    private Future<Boolean> moveUnder(Lease lease) {
        return line.run(SET_ASIDE, List.of(prefix + "counting", prefix + "aside"))
                .map(WriteBehind::aside)
                .compose(aside -> aside.map(this::write).orElseGet(() -> Future.succeededFuture(false)))
                .eventually(lease::giveUp);
    }

    private Future<Boolean> write(Aside aside) {
        Uni<Void> written = Uni.createFrom().deferred(() -> sink.write(aside.id(), aside.counts()));
        return line.elsewhere(null, written)
                .compose(_ -> line.run(FLUSHED, List.of(prefix + "aside"), aside.id()))
                .onFailure(
                        fault -> LOG.warnf("%d counts wait: %s", aside.counts().size(), fault))
                .map(true);
    }

    private static Optional<Aside> aside(Response answer) {
        if (answer.size() == 0) {
            return Optional.empty();
        }
        UUID id = null;
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < answer.size(); i += 2) {
            String key = answer.get(i).toString();
            if (key.equals(ID)) {
                id = UUID.fromString(answer.get(i + 1).toString());
            } else {
                counts.put(key, answer.get(i + 1).toLong());
            }
        }
        if (id == null) {
            throw new IllegalStateException("counts without an id: " + counts.keySet());
        }
        return Optional.of(new Aside(id, counts));
    }
}
