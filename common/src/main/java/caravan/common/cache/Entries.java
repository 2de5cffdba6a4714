package caravan.common.cache;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The entries of one cache in Redis, and their leases: which script does what, and how its answer is read. Line's context only. */
final class Entries {

    private static final Script LOOK = Script.beside(Entries.class, "look.lua");
    private static final Script STORE = Script.beside(Entries.class, "store.lua");
    private static final Script INVALIDATE = Script.beside(Entries.class, "invalidate.lua");

    private static final String NO_LEASE = "";

    /** What became of something that was to be stored. */
    sealed interface Stored {
        record Yes() implements Stored {}

        /** Something newer is there already. */
        record Kept(Entry newer) implements Stored {}

        /** It is from before a write or an invalidation. */
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

    /**
     * Fails when Redis does not answer.
     *
     * @param take whether to take the lease, should nobody have it and should it be of use
     */
    Future<Sight> look(String key, boolean take) {
        String token = take ? owner + ":" + ++leases : NO_LEASE;
        double draw = config.earlyRefresh() ? EarlyRefresh.draw(ThreadLocalRandom.current()) : EarlyRefresh.NEVER;
        long askedNs = System.nanoTime();
        return line.run(LOOK, keys(key), token, config.lease().life().toMillis(), draw)
                .map(answer -> Sight.of(answer, token, askedNs));
    }

    /** Microseconds on Redis' clock, if it says. */
    Future<Optional<Long>> now() {
        return line.send(Request.cmd(Command.TIME))
                .map(time -> Optional.of(
                        time.get(0).toLong() * 1_000_000 + time.get(1).toLong()))
                .otherwise(Optional.empty());
    }

    /** What was loaded. Fails when Redis does not answer. */
    Future<Stored> store(
            String key, @Nullable String token, long version, byte @Nullable [] body, long startedUs, Duration took) {
        return store(key, token == null ? NO_LEASE : token, version, body, startedUs, micros(took));
    }

    /** What was written. Never fails. */
    Future<Void> write(String key, long version, byte @Nullable [] body, long startedUs) {
        // A guess at what a load would take: the first one corrects it.
        return store(key, NO_LEASE, version, body, startedUs, micros(Duration.ofMillis(1)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    /** Never fails. */
    Future<Void> invalidate(String key, long version) {
        return line.run(INVALIDATE, keys(key), version, config.deadAfter().toMillis())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Stored> store(
            String key, String token, long version, byte @Nullable [] body, long startedUs, long tookUs) {
        Duration life = body == null ? config.absentFor() : config.freshFor();
        long freshUs = micros(EarlyRefresh.shortened(life, config.jitter(), ThreadLocalRandom.current()));
        // What is not there has no stale answer.
        long deadUs = body == null ? freshUs : micros(config.deadAfter());
        List<Object> arguments = new ArrayList<>(
                List.of(token, config.deadAfter().toMillis(), startedUs, tookUs, freshUs, deadUs, version));
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
        Entry newer = verdict == 2 ? Entry.of(answer, 2, askedNs) : null;
        return newer == null ? new Stored.Refused() : new Stored.Kept(newer);
    }

    private static long micros(Duration time) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMicros(time.toNanos()));
    }

    private List<String> keys(String key) {
        return List.of(prefix + key, leaseOf(key));
    }
}
