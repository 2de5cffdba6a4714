package caravan.common.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Counts on their way through Redis; the database is a table in memory that knows which flushes it has seen. */
class WriteBehindTest {

    private static final String REDIS = Backends.addresses().redisUrl();

    /** Nothing happens by itself; a flusher that died is forgotten soon. */
    private static final Map<String, String> BY_HAND = Map.of(
            "write-behind.add-every", "1h", "write-behind.flush-every", "1h", "write-behind.lease-life", "300ms");

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final Table table = new Table();

    private static final class Table {
        private final Set<UUID> flushes = new HashSet<>();
        private final Map<String, Long> counts = new TreeMap<>();

        synchronized Uni<Void> write(UUID id, Map<String, Long> more) {
            if (flushes.add(id)) {
                more.forEach((key, times) -> counts.merge(key, times, Long::sum));
            }
            return Uni.createFrom().voidItem();
        }

        synchronized Map<String, Long> counts() {
            return new TreeMap<>(counts);
        }
    }

    @Test
    void addsUpWhatTwoProcessesCount() {
        try (OneProcess one = OneProcess.on(REDIS, prefix, BY_HAND);
                OneProcess two = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind first = counting(one, table::write);
            WriteBehind second = counting(two, table::write);
            first.count("tea", 2);
            first.count("tea", 3);
            second.count("tea", 5);
            second.count("cup", 1);
            add(first);
            add(second);

            assertThat(flush(second)).isTrue();
            assertThat(flush(first)).isFalse();

            assertThat(table.counts()).containsExactly(Map.entry("cup", 1L), Map.entry("tea", 10L));
            assertThat(keys(one)).noneMatch(key -> key.endsWith("aside") || key.endsWith("counting"));
        }
    }

    @Test
    void flushesByItself() {
        Map<String, String> quick = Map.of("write-behind.add-every", "20ms", "write-behind.flush-every", "50ms");
        try (OneProcess process = OneProcess.on(REDIS, prefix, quick)) {
            WriteBehind behind = counting(process, table::write);
            behind.open();

            behind.count("tea", 1);

            await().atMost(OneProcess.BOUND).until(() -> Map.of("tea", 1L).equals(table.counts()));
        }
    }

    @Test
    void bringsTheLastCountsToRedisWhenItIsClosed() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, BY_HAND);
                OneProcess other = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counting(process, table::write);
            behind.count("tea", 7);

            OneProcess.join(behind.close().subscribeAsCompletionStage());
            flush(counting(other, table::write));

            assertThat(table.counts()).containsExactly(Map.entry("tea", 7L));
        }
    }

    /** Killed with the lease, before anything is set aside. */
    @Test
    void countsOnceWhenAFlusherDiesBeforeItBegins() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counted(process, 3);
            process.redis(Request.cmd(Command.SET)
                    .arg(prefix + "flusher")
                    .arg("somebody who died")
                    .arg("PX")
                    .arg(300));

            assertThat(flush(behind)).isFalse();
            await().atMost(OneProcess.BOUND).until(() -> flush(behind));

            assertThat(table.counts()).containsExactly(Map.entry("tea", 3L));
        }
    }

    @Test
    void countsOnceWhenAFlusherDiesWithTheCountsSetAside() {
        OneProcess killed = OneProcess.on(REDIS, prefix, BY_HAND);
        CompletableFuture<UUID> setAside = new CompletableFuture<>();
        WriteBehind dying = counting(killed, (id, _) -> {
            setAside.complete(id);
            return Uni.createFrom().nothing();
        });
        try (OneProcess other = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counted(other, 3);
            dying.flush().subscribe().with(_ -> {});
            OneProcess.join(setAside);
            killed.kill();
            behind.count("tea", 4);
            add(behind);

            await().atMost(OneProcess.BOUND).until(() -> flush(behind));
            assertThat(table.counts()).containsExactly(Map.entry("tea", 3L));
            assertThat(flush(behind)).isTrue();

            assertThat(table.counts()).containsExactly(Map.entry("tea", 7L));
        }
    }

    @Test
    void countsOnceWhenAFlusherDiesAfterItHasWritten() {
        OneProcess killed = OneProcess.on(REDIS, prefix, BY_HAND);
        CompletableFuture<UUID> written = new CompletableFuture<>();
        WriteBehind dying = counting(
                killed,
                (id, counts) -> table.write(id, counts)
                        .invoke(() -> written.complete(id))
                        .chain(() -> Uni.createFrom().nothing()));
        try (OneProcess other = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counted(other, 3);
            dying.flush().subscribe().with(_ -> {});
            OneProcess.join(written);
            killed.kill();

            await().atMost(OneProcess.BOUND).until(() -> flush(behind));

            assertThat(table.counts()).containsExactly(Map.entry("tea", 3L));
            assertThat(flush(behind)).isFalse();
        }
    }

    /** Removed, and killed before the lease is given up. */
    @Test
    void countsOnceWhenAFlusherDiesAtTheVeryEnd() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counted(process, 3);
            assertThat(flush(behind)).isTrue();
            process.redis(Request.cmd(Command.SET)
                    .arg(prefix + "flusher")
                    .arg("somebody who died")
                    .arg("PX")
                    .arg(300));
            behind.count("tea", 4);
            add(behind);

            await().atMost(OneProcess.BOUND).until(() -> flush(behind));

            assertThat(table.counts()).containsExactly(Map.entry("tea", 7L));
        }
    }

    @Test
    void leavesTheCountsWhereTheyAreWhenTheDatabaseIsAway() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind broken =
                    counting(process, (_, _) -> Uni.createFrom().failure(new IllegalStateException("database")));
            broken.count("tea", 3);
            add(broken);
            assertThat(OneProcess.join(
                            broken.flush().onFailure().recoverWithItem(false).subscribeAsCompletionStage()))
                    .isFalse();

            assertThat(flush(counting(process, table::write))).isTrue();

            assertThat(table.counts()).containsExactly(Map.entry("tea", 3L));
        }
    }

    @Test
    void countsOnceWhenTheAnswerOfRedisGetsLost() {
        try (OwnRedis redis = Backends.ownRedis();
                OneProcess process = OneProcess.on(redis.url(), prefix, BY_HAND)) {
            WriteBehind behind = counting(process, table::write);
            // Redis knows the script from now on.
            behind.count("tea", 1);
            add(behind);
            behind.count("tea", 3);
            redis.freeze();
            // It is sent, and added when Redis goes on; by then nobody waits for the answer.
            add(behind);
            process.awaitRedis(false);
            behind.count("tea", 4);
            redis.thaw();
            process.awaitRedis(true);
            await().atMost(OneProcess.BOUND)
                    .until(() -> "4"
                            .equals(String.valueOf(process.redis(Request.cmd(Command.HGET)
                                    .arg(prefix + "counting")
                                    .arg("tea")))));

            add(behind);
            add(behind);

            flush(behind);
            assertThat(table.counts()).containsExactly(Map.entry("tea", 8L));
        }
    }

    /** A Redis that crashes forgets its last second: that the counts were set aside and removed, but not the counts. */
    @Test
    void countsOnceWhenRedisForgetsThatItGaveTheCountsAway() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, BY_HAND)) {
            WriteBehind behind = counted(process, 3);
            byte[] before = Objects.requireNonNull(
                            process.redis(Request.cmd(Command.DUMP).arg(prefix + "counting")))
                    .toBytes();
            flush(behind);

            process.redis(
                    Request.cmd(Command.RESTORE).arg(prefix + "counting").arg(0).arg(before));
            flush(behind);

            assertThat(table.counts()).containsExactly(Map.entry("tea", 3L));
        }
    }

    @Test
    void waitsForARedisThatIsAway() {
        try (OwnRedis redis = Backends.ownRedis()) {
            redis.kill();
            try (OneProcess process = OneProcess.starting(redis.url(), prefix, BY_HAND)) {
                WriteBehind behind = counting(process, table::write);
                behind.count("tea", 3);
                add(behind);
                behind.count("tea", 4);
                add(behind);
                redis.restart();
                process.awaitRedis(true);

                add(behind);
                add(behind);
                flush(behind);

                assertThat(table.counts()).containsExactly(Map.entry("tea", 7L));
            }
        }
    }

    @Test
    void hasRoomForSoManyKeys() {
        Map<String, String> small = HerdTest.with(BY_HAND, "write-behind.most-keys", "2");
        try (OneProcess one = OneProcess.on(REDIS, prefix, small);
                OneProcess two = OneProcess.on(REDIS, prefix, small)) {
            WriteBehind first = counting(one, table::write);
            WriteBehind second = counting(two, table::write);

            assertThat(first.count("tea", 1)).isTrue();
            assertThat(first.count("cup", 1)).isTrue();
            assertThat(first.count("pot", 1)).isFalse();
            assertThat(first.count("tea", 1)).isTrue();
            add(first);
            second.count("jug", 1);
            second.count("tea", 1);
            add(second);
            flush(first);

            assertThat(table.counts()).containsExactly(Map.entry("cup", 1L), Map.entry("tea", 3L));
        }
    }

    private WriteBehind counting(OneProcess process, WriteBehind.Sink sink) {
        return new WriteBehind(process.line, process.settings.writeBehind(), sink, prefix);
    }

    /** So many of tea, in Redis. */
    private WriteBehind counted(OneProcess process, long times) {
        WriteBehind behind = counting(process, table::write);
        behind.count("tea", times);
        add(behind);
        return behind;
    }

    private static void add(WriteBehind behind) {
        OneProcess.join(behind.add().subscribeAsCompletionStage());
    }

    private static boolean flush(WriteBehind behind) {
        try {
            return OneProcess.join(behind.flush().subscribeAsCompletionStage());
        } catch (CompletionException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> keys(OneProcess process) {
        Response all =
                Objects.requireNonNull(process.redis(Request.cmd(Command.KEYS).arg(prefix + "*")));
        return all.stream().map(Response::toString).toList();
    }
}
