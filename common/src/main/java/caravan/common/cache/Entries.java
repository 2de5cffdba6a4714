package caravan.common.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The entries of one cache in Redis, and their leases: which script does what, and how its answer is read. Line's context only. */
final class Entries {

    private static final Script LOOK = Script.beside(Entries.class, "look.lua");
    private static final Script STORE = Script.beside(Entries.class, "store.lua");
    private static final Script INVALIDATE = Script.beside(Entries.class, "invalidate.lua");

    private static final String WRITTEN = "";

    /** How a look takes the lease of an entry that is missing or due. */
    enum Take {
        NONE,
        /** When nobody has it. */
        FREE,
        /** From whoever has it: there is no waiting for each other then, but only the last one may store. */
        ANY
    }

    /** What became of something that was to be stored. */
    sealed interface Stored {
        record Yes() implements Stored {}

        /** Something newer is there already. */
        record Kept(Entry newer) implements Stored {}

        /** Somebody has written or invalidated meanwhile, or the lease ran out. */
        record Refused() implements Stored {}
    }

    private final RedisLine line;
    private final CacheConfig config;
    private final String prefix;

    /** Of this process; a number makes it one of a lease. */
    private final String owner = UUID.randomUUID().toString();

    private long leases;

    Entries(RedisLine line, CacheConfig config, String prefix) {
        this.line = line;
        this.config = config;
        this.prefix = prefix;
    }

    String leaseOf(String key) {
        return prefix + key + ":lease";
    }

    /** Fails when Redis does not answer. */
    Future<Sight> look(String key, Take take) {
        String token = owner + ":" + ++leases;
        double draw = config.earlyRefresh() ? EarlyRefresh.draw(ThreadLocalRandom.current()) : EarlyRefresh.NEVER;
        long askedNs = System.nanoTime();
        return line.run(
                        LOOK,
                        keys(key),
                        token,
                        config.lease().life().toMillis(),
                        draw,
                        take.name().toLowerCase(Locale.ROOT))
                .map(answer -> Sight.of(answer, token, askedNs));
    }

    /** Milliseconds on Redis' clock, if it says. */
    Future<Optional<Long>> now() {
        return line.send(Request.cmd(Command.TIME))
                .map(time ->
                        Optional.of(time.get(0).toLong() * 1000 + time.get(1).toLong() / 1000))
                .otherwise(Optional.empty());
    }

    /** What was loaded under a lease. Fails when Redis does not answer. */
    Future<Stored> store(
            String key, String token, long version, byte @Nullable [] body, long startedMs, Duration took) {
        return store(key, token, version, body, startedMs, Math.max(1, took.toMillis()));
    }

    /** What was written. Never fails. */
    Future<Void> write(String key, long version, byte @Nullable [] body, long startedMs) {
        // A guess at what a load would take: the first one corrects it.
        return store(key, WRITTEN, version, body, startedMs, 1).<Void>mapEmpty().otherwiseEmpty();
    }

    /** Never fails. */
    Future<Void> invalidate(String key, long version) {
        return line.run(INVALIDATE, keys(key), version, config.deadAfter().toMillis())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Stored> store(
            String key, String token, long version, byte @Nullable [] body, long startedMs, long tookMs) {
        Duration fresh = body == null ? config.absentFor() : config.freshFor();
        long freshMs = EarlyRefresh.shortenedMs(fresh, config.jitter(), ThreadLocalRandom.current());
        long deadMs = body == null ? freshMs : config.deadAfter().toMillis();
        List<Object> arguments = new ArrayList<>(List.of(
                token, config.deadAfter().toMillis(), startedMs, tookMs, Math.min(freshMs, deadMs), deadMs, version));
        if (body != null) {
            arguments.add(body);
        }
        long askedNs = System.nanoTime();
        return line.run(STORE, keys(key), arguments.toArray()).map(answer -> stored(answer, askedNs));
    }

    private static Stored stored(Response answer, long askedNs) {
        int verdict = answer.get(1).toInteger();
        if (verdict == 1) {
            return new Stored.Yes();
        }
        Entry newer = verdict == 2 ? Entry.of(answer, 2, answer.get(0).toLong(), askedNs) : null;
        return newer == null ? new Stored.Refused() : new Stored.Kept(newer);
    }

    private List<String> keys(String key) {
        return List.of(prefix + key, leaseOf(key));
    }
}
