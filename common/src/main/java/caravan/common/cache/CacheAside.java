package caravan.common.cache;

import caravan.common.cache.CacheMetrics.LeaseEvent;
import caravan.common.cache.CacheMetrics.Outcome;
import caravan.common.cache.CacheMetrics.Result;
import caravan.common.cache.Entries.Stored;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cache-aside that no herd gets through, and writes that go through it. Safe for any thread; answers on the context of whoever asked.
 *
 * <p><b>Once.</b> While Redis is there a key is loaded by one process at a time, however many ask in however many processes, and
 * however long the load takes: its lease is renewed meanwhile. When the loader dies the next one begins within one life of the lease.
 * Who does not load is given what is there until it is dead; when nothing is, it waits.
 *
 * <p><b>Age.</b> Nothing is given out that was read from the database longer ago than {@code deadAfter}, whatever Redis or this process
 * went through. {@link Served#age} never says less than the truth.
 *
 * <p><b>Order.</b> A load that began before a write or an invalidation of the key does not come into the cache after it; of two writes
 * the one with the higher version stays. Who asks after {@link #write} or {@link #invalidate} has answered is given what was written,
 * or newer. When Redis did not hear of the write, or has forgotten it, what was cached or begun to be loaded before may still be given out
 * for as long as its age allows.
 *
 * <p><b>Without Redis</b> every read loads, once at a time for each key in this process, so many at once; nothing fails for it, and
 * nothing waits longer than its timeout.
 *
 * <p>Fails with what a load failed with, unless there still is something to give; with {@link BusyException} when a load takes longer
 * than a reader waits. To load beside a loader that lives would bring the herd to a database that is slow already.
 */
public final class CacheAside<T> {

    /** After so many loads in a row that were overtaken by writes a reader is given the last one, which is not stored. */
    private static final int MOST_LOADS = 3;

    /** One reader on its way. */
    private static final class Reader<T> {
        private final String key;
        private final Supplier<Uni<Loaded<T>>> load;
        private final @Nullable Context context;
        private final long deadlineNs;
        private int overtaken;

        Reader(String key, Supplier<Uni<Loaded<T>>> load, @Nullable Context context, Duration patience) {
            this.key = key;
            this.load = load;
            this.context = context;
            this.deadlineNs = System.nanoTime() + patience.toNanos();
        }
    }

    /**
     * What came of a load.
     *
     * @param overtaken a write or an invalidation came between: whoever asked after that must not be given it
     */
    private record Landed<T>(Served<T> served, boolean overtaken) {}

    private record Timed<T>(Loaded<T> loaded, long startedNs, Duration took) {}

    /** @param flight that this look found reason to begin, or to wait for */
    private record Look<T>(@Nullable Entry entry, @Nullable Future<Landed<T>> flight) {}

    /**
     * A load on its way.
     *
     * @param startedUs on Redis' clock: what was written until then is in it
     */
    private record Loading(long startedUs, Lease lease) {

        boolean isOvertaken(Sight sight) {
            return sight.goneUs() >= startedUs;
        }
    }

    private final RedisLine line;
    private final Vertx vertx;
    private final CacheConfig config;
    private final Format<T> format;
    private final CacheMetrics metrics;
    private final Entries entries;
    private final Slots slots;

    /** Requests to Redis that wait for its answer. */
    private final SingleFlight<Look<T>> looks;

    /** Loads here, and waits for loads elsewhere. */
    private final SingleFlight<Landed<T>> flights;

    /** Those of them that load, and may store. */
    private final Map<String, Loading> loading = new HashMap<>();

    /**
     * With what others have put into it.
     *
     * @param prefix of all its keys in Redis, which nobody else has
     */
    public CacheAside(RedisLine line, CacheConfig config, Format<T> format, CacheMetrics metrics, String prefix) {
        requireSane(config);
        this.line = line;
        this.vertx = line.context().owner();
        this.config = config;
        this.format = format;
        this.metrics = metrics;
        this.entries = new Entries(line, config, prefix);
        this.slots = new Slots(config.load().atOnce());
        this.looks = new SingleFlight<>(config.load().mostKeys());
        this.flights = new SingleFlight<>(config.load().mostKeys());
    }

    /**
     * What the cache has, or else what is loaded.
     *
     * @param load reads from the database; begins on the context of whoever asks first, and not before that
     */
    public Uni<Served<T>> get(String key, Supplier<Uni<Loaded<T>>> load) {
        return config.enabled()
                ? line.ask(caller ->
                        read(new Reader<>(key, load, caller, config.load().waitAtMost())))
                : past(load);
    }

    /** Past the cache, and without a trace in it. */
    public Uni<Served<T>> past(Supplier<Uni<Loaded<T>>> load) {
        return Uni.createFrom().deferred(() -> {
            long startedNs = System.nanoTime();
            metrics.requested(Result.BYPASS);
            return load.get().map(loaded -> new Served<>(loaded.value(), startedNs, false));
        });
    }

    /**
     * Runs a write, and answers with its result when the cache knows of it, or cannot be told. Never fails for the cache's sake.
     *
     * @param written what there is now, version and all; empty when nothing was changed
     */
    public <R> Uni<R> write(String key, Supplier<Uni<R>> write, Function<R, Optional<Loaded<T>>> written) {
        if (!config.enabled()) {
            return Uni.createFrom().deferred(() -> write.get());
        }
        // Asked before, so that what is stored is never taken for younger than it is.
        Uni<Optional<Long>> clock = config.writeThrough()
                ? line.ask(_ -> entries.now())
                : Uni.createFrom().item(Optional.empty());
        return clock.chain(startedUs -> Uni.createFrom()
                .deferred(() -> write.get())
                .call(result -> written.apply(result)
                        .map(loaded -> put(key, loaded, startedUs))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                // It may have been done all the same.
                .onFailure()
                .call(() -> invalidate(key, 0)));
    }

    /**
     * What is cached of the key is not given out any more, and what is being loaded does not come in. Never fails.
     *
     * @param version that there is at least; 0 when nobody knows
     */
    public Uni<Void> invalidate(String key, long version) {
        if (!config.enabled()) {
            return Uni.createFrom().voidItem();
        }
        return line.ask(_ -> {
            part(key);
            return entries.invalidate(key, version);
        });
    }

    private Uni<Void> put(String key, Loaded<T> loaded, Optional<Long> startedUs) {
        return line.ask(_ -> {
            part(key);
            return startedUs.isEmpty()
                    ? entries.invalidate(key, loaded.version())
                    : entries.write(key, loaded.version(), bytes(loaded), startedUs.get());
        });
    }

    private void part(String key) {
        looks.part(key);
        flights.part(key);
        loading.remove(key);
    }

    private Future<Served<T>> read(Reader<T> reader) {
        boolean first = !looks.has(reader.key);
        return looks.join(reader.key, () -> look(reader))
                .compose(look -> serve(reader, look, first), _ -> join(reader, () -> load(reader, null)));
    }

    private Future<Look<T>> look(Reader<T> reader) {
        return entries.look(reader.key, mayTake(reader.key))
                .map(sight -> new Look<>(sight.entry(), mine(sight) ? flight(reader, sight) : null));
    }

    private boolean mayTake(String key) {
        return config.lease().enabled() && flights.hasRoom(key);
    }

    /** Whether this process is the one that loads. Without leases each of them is. */
    private boolean mine(Sight sight) {
        return config.lease().enabled() ? sight.token() != null : sight.due();
    }

    /** Begins at once: those who look meanwhile find it. A load that was held up, and lost its lease for that only, goes on with this one. */
    private Future<Landed<T>> flight(Reader<T> reader, Sight sight) {
        Loading known = loading.get(reader.key);
        if (known == null || known.isOvertaken(sight)) {
            return flights.begin(reader.key, () -> load(reader, sight));
        }
        known.lease().goOn(sight.token());
        return flights.join(reader.key, () -> load(reader, sight));
    }

    private Future<Served<T>> serve(Reader<T> reader, Look<T> look, boolean first) {
        Entry entry = look.entry();
        long nowNs = System.nanoTime();
        if (entry == null || entry.isDead(nowNs)) {
            return look.flight() == null ? join(reader, () -> waitForOthers(reader)) : follow(reader, look.flight());
        }
        if (entry.isFresh(nowNs)) {
            metrics.requested(entry.body() == null ? Result.NEGATIVE : Result.HIT);
            return Future.succeededFuture(served(entry));
        }
        if (first && look.flight() != null) {
            return follow(reader, look.flight()).recover(fault -> stale(entry, fault));
        }
        return stale(entry, new BusyException("nothing that is young enough"));
    }

    private Future<Served<T>> stale(Entry entry, Throwable otherwise) {
        if (entry.isDead(System.nanoTime())) {
            return Future.failedFuture(otherwise);
        }
        metrics.requested(Result.STALE);
        return Future.succeededFuture(served(entry));
    }

    /** Waits for the flight of the key, which begins with this work unless there is one. */
    private Future<Served<T>> join(Reader<T> reader, Supplier<Future<Landed<T>>> work) {
        return follow(reader, flights.join(reader.key, work));
    }

    private Future<Served<T>> follow(Reader<T> reader, Future<Landed<T>> flight) {
        return within(reader, flight).compose(landed -> {
            if (landed.overtaken() && ++reader.overtaken < MOST_LOADS) {
                return read(reader);
            }
            metrics.requested(Result.MISS);
            return Future.succeededFuture(landed.served());
        });
    }

    private <R> Future<R> within(Reader<T> reader, Future<R> flight) {
        if (flight.isComplete()) {
            return flight;
        }
        long leftMs = Math.max(
                1, Duration.ofNanos(reader.deadlineNs - System.nanoTime()).toMillis());
        Promise<R> result = Promise.promise();
        long timer = vertx.setTimer(
                leftMs, _ -> result.tryFail(new BusyException("the load of " + reader.key + " takes long")));
        flight.onComplete(landed -> {
            vertx.cancelTimer(timer);
            boolean _ = landed.succeeded() ? result.tryComplete(landed.result()) : result.tryFail(landed.cause());
        });
        return result.future();
    }

    /** Another process has the lease: looks until there is an entry, or the lease is free and ours, or Redis is away. */
    private Future<Landed<T>> waitForOthers(Reader<T> reader) {
        metrics.leased(LeaseEvent.WAITED);
        Promise<Landed<T>> landed = Promise.promise();
        // Who loads has given up by then, or died and been followed by somebody who has.
        long untilNs = System.nanoTime()
                + config.load()
                        .longest()
                        .plus(config.lease().life())
                        .multipliedBy(2)
                        .toNanos();
        lookAgain(reader, landed, untilNs);
        return landed.future();
    }

    private void lookAgain(Reader<T> reader, Promise<Landed<T>> landed, long untilNs) {
        if (System.nanoTime() - untilNs > 0) {
            landed.fail(new BusyException("nobody loads " + reader.key));
            return;
        }
        long pollMs = config.load().pollEvery().toMillis();
        vertx.setTimer(
                ThreadLocalRandom.current().nextLong(pollMs / 2 + 1, pollMs * 3 / 2 + 2),
                _ -> entries.look(reader.key, mayTake(reader.key))
                        .onSuccess(sight -> seen(reader, landed, untilNs, sight))
                        .onFailure(_ -> load(reader, null).onComplete(landed)));
    }

    private void seen(Reader<T> reader, Promise<Landed<T>> landed, long untilNs, Sight sight) {
        Entry entry = sight.entry();
        if (mine(sight)) {
            flight(reader, sight).onComplete(landed);
        } else if (entry == null || entry.isDead(System.nanoTime())) {
            lookAgain(reader, landed, untilNs);
        } else {
            landed.complete(new Landed<>(served(entry), false));
        }
    }

    /** @param sight of what is loaded; null when Redis is away, and nothing will be stored */
    private Future<Landed<T>> load(Reader<T> reader, @Nullable Sight sight) {
        if (sight == null) {
            return slots.run(() -> timed(reader)).map(CacheAside::unstored);
        }
        Lease lease = Lease.taken(
                line, entries.leaseOf(reader.key), sight.token(), config.lease().life(), metrics);
        Loading mine = new Loading(sight.nowUs(), lease);
        loading.put(reader.key, mine);
        Future<Landed<T>> landed = slots.run(() -> timed(reader))
                .compose(
                        timed -> store(reader.key, mine, timed),
                        fault -> lease.giveUp().transform(_ -> Future.failedFuture(fault)));
        return landed.onComplete(_ -> loading.remove(reader.key, mine));
    }

    private Future<Landed<T>> store(String key, Loading mine, Timed<T> timed) {
        mine.lease().stop();
        Loaded<T> loaded = timed.loaded();
        return entries.store(key, mine.lease().token(), loaded.version(), bytes(loaded), mine.startedUs(), timed.took())
                .map(stored -> switch (stored) {
                    case Stored.Yes _ -> unstored(timed);
                    case Stored.Refused _ -> new Landed<>(unstored(timed).served(), true);
                    case Stored.Kept(Entry newer) -> new Landed<>(served(newer), false);
                })
                .otherwise(_ -> unstored(timed));
    }

    private static <T> Landed<T> unstored(Timed<T> timed) {
        return new Landed<>(new Served<>(timed.loaded().value(), timed.startedNs(), false), false);
    }

    /** On the context of the reader, so that it is a part of its trace. */
    private Future<Timed<T>> timed(Reader<T> reader) {
        long startedNs = System.nanoTime();
        Uni<Loaded<T>> load = Uni.createFrom()
                .deferred(() -> reader.load.get())
                .ifNoItem()
                .after(config.load().longest())
                .fail();
        return line.elsewhere(reader.context, load)
                .onFailure(_ -> metrics.loaded(Outcome.FAILED, Duration.ofNanos(System.nanoTime() - startedNs)))
                .map(loaded -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - startedNs);
                    metrics.loaded(loaded.value() == null ? Outcome.ABSENT : Outcome.FOUND, took);
                    return new Timed<>(loaded, startedNs, took);
                });
    }

    private byte @Nullable [] bytes(Loaded<T> loaded) {
        T value = loaded.value();
        return value == null ? null : format.write(value);
    }

    private Served<T> served(Entry entry) {
        byte[] body = entry.body();
        return new Served<>(body == null ? null : format.read(body), entry.readNs(), true);
    }

    /** What is still being loaded must be younger than what is forgotten of before. */
    private static void requireSane(CacheConfig config) {
        requireBelowDead("fresh-for", config.freshFor(), config);
        requireBelowDead("load.longest", config.load().longest(), config);
    }

    private static void requireBelowDead(String what, Duration time, CacheConfig config) {
        if (time.compareTo(config.deadAfter()) >= 0) {
            throw new IllegalArgumentException("%s of a cache is %d ms; it must be below dead-after, %d ms"
                    .formatted(what, time.toMillis(), config.deadAfter().toMillis()));
        }
    }
}
