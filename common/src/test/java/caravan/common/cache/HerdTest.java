package caravan.common.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Many who want the same at once, in two processes on one Redis. */
class HerdTest {

    private static final String REDIS = Backends.addresses().redisUrl();
    private static final int CROWD = 2_500;
    private static final Duration LEASE = Duration.ofMillis(600);

    /** A lease that a test can outlast, and readers that are patient enough for it. */
    private static final Map<String, String> PATIENT =
            Map.of("lease.life", LEASE.toMillis() + "ms", "load.wait-at-most", "20s", "load.longest", "15s");

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final Database database = new Database(Database.version(1));

    @Test
    void loadsOnceThoughTheLoadTakesLongerThanALease() {
        try (OneProcess one = OneProcess.on(REDIS, prefix, PATIENT);
                OneProcess two = OneProcess.on(REDIS, prefix, PATIENT)) {
            List<CompletableFuture<Served<String>>> crowd = crowd(database.slow(), one, two);
            database.awaitLoads(1);
            // Renewed three times a life.
            await().atMost(OneProcess.BOUND).until(() -> one.leases("renewed") + two.leases("renewed") >= 6);

            database.release();

            assertThat(values(crowd)).hasSize(2 * CROWD).containsOnly("v1");
            assertThat(database.loads()).isEqualTo(1);
            // The process that has to wait does it once for all its readers.
            assertThat(one.leases("waited") + two.leases("waited")).isEqualTo(1);
        }
    }

    @Test
    void givesAllButOneWhatIsThereWhileItIsLoaded() {
        Map<String, String> soonStale = with(PATIENT, "fresh-for", "1ms");
        try (OneProcess one = OneProcess.on(REDIS, prefix, soonStale);
                OneProcess two = OneProcess.on(REDIS, prefix, soonStale)) {
            one.get("hot", database.quick());
            letPass(Duration.ofMillis(20));
            database.set(Database.version(2));

            List<CompletableFuture<Served<String>>> crowd = crowd(database.slow(), one, two);

            database.awaitLoads(2);
            await().atMost(OneProcess.BOUND)
                    .until(() ->
                            crowd.stream().filter(CompletableFuture::isDone).count() == 2 * CROWD - 1);
            assertThat(database.loads()).isEqualTo(2);
            database.release();
            assertThat(values(crowd)).filteredOn("v2"::equals).hasSize(1);
            assertThat(values(crowd)).filteredOn("v1"::equals).hasSize(2 * CROWD - 1);
            assertThat(one.requests("stale") + two.requests("stale")).isEqualTo(2 * CROWD - 1);
        }
    }

    /** A loader that was held up for longer than its lease goes on, and need not begin again: nobody else did meanwhile. */
    @Test
    void goesOnWithALoadWhoseLeaseRanOut() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, PATIENT)) {
            CompletableFuture<Served<String>> first = process.ask("hot", database.slow());
            database.awaitLoads(1);
            process.redis(Request.cmd(Command.DEL).arg(prefix + "hot:lease"));

            CompletableFuture<Served<String>> second = process.ask("hot", database.slow());
            await().atMost(OneProcess.BOUND).until(() -> process.has(prefix + "hot:lease"));
            database.release();

            assertThat(List.of(
                            OneProcess.join(first).value(),
                            OneProcess.join(second).value()))
                    .containsOnly("v1");
            assertThat(process.value("hot", database.quick())).isEqualTo("v1");
            assertThat(database.loads()).isEqualTo(1);
        }
    }

    @Test
    void takesOverWithinALeaseWhenTheLoaderIsKilled() {
        OneProcess killed = OneProcess.on(REDIS, prefix, PATIENT);
        try (OneProcess other = OneProcess.on(REDIS, prefix, PATIENT)) {
            var _ = killed.ask("hot", database.slow());
            database.awaitLoads(1);
            CompletableFuture<Served<String>> waiting = other.ask("hot", database.slow());
            await().atMost(OneProcess.BOUND).until(() -> killed.leases("renewed") >= 4 && other.leases("waited") == 1);
            assertThat(database.loads()).isEqualTo(1);

            killed.kill();
            long killedNs = System.nanoTime();
            database.awaitLoads(2);

            // What a poll and a busy machine take comes on top.
            assertThat(Duration.ofNanos(System.nanoTime() - killedNs)).isLessThan(LEASE.plusMillis(400));
            database.release();
            assertThat(OneProcess.join(waiting).value()).isEqualTo("v1");
            assertThat(database.loads()).isEqualTo(2);
        }
    }

    @Test
    void loadsAHotKeyAnewBeforeItsLifeEndsAndNobodyWaits() {
        Map<String, String> settings = with(PATIENT, "fresh-for", "1s", "jitter", "0");
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            CompletableFuture<Served<String>> first = process.ask("hot", database.slow());
            database.awaitLoads(1);
            // The longer a load takes the earlier it begins.
            letPass(Duration.ofMillis(200));
            database.release();
            OneProcess.join(first);

            List<Served<String>> served = new ArrayList<>();
            await().atMost(OneProcess.BOUND).pollInterval(Duration.ofMillis(1)).until(() -> {
                served.add(process.get("hot", database.slow()));
                return database.loads() == 2;
            });

            assertThat(served.getLast().age()).isLessThan(Duration.ofSeconds(1));
            assertThat(process.requests("miss")).isEqualTo(1);
            assertThat(process.requests("stale")).isZero();
            assertThat(process.requests("hit")).isEqualTo(served.size());
            database.release();
        }
    }

    @Test
    void aCrowdThatWaitedForASlowLoadDoesNotDrawTheNextOne() {
        Map<String, String> settings = with(PATIENT, "fresh-for", "10s", "jitter", "0");
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            CompletableFuture<Served<String>> first = process.ask("hot", database.slow());
            database.awaitLoads(1);
            letPass(Duration.ofMillis(1_500));
            database.release();
            OneProcess.join(first);

            // One of so many draws seven times the duration of the load.
            for (int i = 0; i < 2_000; i++) {
                process.get("hot", database.quick());
            }

            assertThat(database.loads()).isEqualTo(1);
        }
    }

    @Test
    void loadsNothingEarlyWhenThatIsSwitchedOff() {
        Map<String, String> settings = with(PATIENT, "fresh-for", "1s", "jitter", "0", "early-refresh", "false");
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            CompletableFuture<Served<String>> first = process.ask("hot", database.slow());
            database.awaitLoads(1);
            letPass(Duration.ofMillis(300));
            database.release();
            long readNs = OneProcess.join(first).readNs();

            await().atMost(OneProcess.BOUND).pollInterval(Duration.ofMillis(1)).until(() -> {
                process.get("hot", database.quick());
                return database.loads() == 2;
            });

            assertThat(Duration.ofNanos(System.nanoTime() - readNs)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void loadsInEachProcessWhenTheLeaseIsSwitchedOff() {
        Map<String, String> settings = with(PATIENT, "lease.enabled", "false");
        try (OneProcess one = OneProcess.on(REDIS, prefix, settings);
                OneProcess two = OneProcess.on(REDIS, prefix, settings)) {

            List<CompletableFuture<Served<String>>> crowd = crowd(database.slow(), one, two);

            database.awaitLoads(2);
            database.release();
            assertThat(values(crowd)).containsOnly("v1");
            assertThat(database.loads()).isEqualTo(2);
        }
    }

    @Test
    void remembersThatThereIsNothingForAShorterTime() {
        Map<String, String> settings = with(PATIENT, "absent-for", "300ms");
        Database empty = new Database(Loaded.absent());
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            assertThat(process.value("none", empty.quick())).isNull();
            assertThat(process.value("none", empty.quick())).isNull();
            assertThat(empty.loads()).isEqualTo(1);
            assertThat(process.requests("negative")).isEqualTo(1);

            empty.set(Database.version(1));

            await().atMost(Duration.ofSeconds(5)).until(() -> "v1".equals(process.value("none", empty.quick())));
        }
    }

    @Test
    void givesWhatIsThereWhenALoadFailsAndTheFaultWhenNothingIs() {
        Supplier<Uni<Loaded<String>>> broken = () -> Uni.createFrom().failure(new IllegalStateException("database"));
        try (OneProcess process =
                OneProcess.on(REDIS, prefix, with(PATIENT, "fresh-for", "1ms", "dead-after", "16s"))) {
            assertThatThrownBy(() -> process.get("hot", broken)).hasMessageContaining("database");
            process.get("hot", database.quick());
            letPass(Duration.ofMillis(2));

            assertThat(process.value("hot", broken)).isEqualTo("v1");
            assertThat(process.loads("failed")).isEqualTo(2);
        }
    }

    @Test
    void givesNothingOutThatIsDead() {
        Supplier<Uni<Loaded<String>>> broken = () -> Uni.createFrom().failure(new IllegalStateException("database"));
        Map<String, String> settings = with(PATIENT, "fresh-for", "1ms", "dead-after", "1s", "load.longest", "300ms");
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            process.get("hot", database.quick());
            List<Served<String>> served = new ArrayList<>();

            await().atMost(OneProcess.BOUND).pollInterval(Duration.ofMillis(1)).until(() -> {
                Served<String> answer =
                        process.ask("hot", broken).exceptionally(_ -> null).join();
                if (answer != null) {
                    served.add(answer);
                }
                return answer == null;
            });

            assertThat(served).isNotEmpty();
            await().atMost(OneProcess.BOUND).until(() -> !process.has(prefix + "hot"));
        }
    }

    @Test
    void tellsWhoeverHasWaitedLongEnoughToComeLater() {
        Map<String, String> settings = with(PATIENT, "load.wait-at-most", "300ms");
        try (OneProcess one = OneProcess.on(REDIS, prefix, settings);
                OneProcess two = OneProcess.on(REDIS, prefix, settings)) {
            CompletableFuture<Served<String>> own = one.ask("hot", database.slow());
            database.awaitLoads(1);

            assertThatThrownBy(() -> two.get("hot", database.slow())).hasCauseInstanceOf(BusyException.class);
            assertThatThrownBy(() -> OneProcess.join(own)).hasCauseInstanceOf(BusyException.class);

            assertThat(database.loads()).isEqualTo(1);
            database.release();
            await().atMost(OneProcess.BOUND).until(() -> "v1".equals(two.value("hot", database.quick())));
            assertThat(database.loads()).isEqualTo(1);
        }
    }

    @Test
    void givesALoadUpThatTakesTooLong() {
        Map<String, String> settings = with(PATIENT, "load.longest", "300ms");
        try (OneProcess one = OneProcess.on(REDIS, prefix, settings);
                OneProcess two = OneProcess.on(REDIS, prefix, settings)) {
            CompletableFuture<Served<String>> stuck = one.ask("hot", database.slow());
            database.awaitLoads(1);

            assertThat(two.value("hot", database.quick())).isEqualTo("v1");

            assertThatThrownBy(() -> stuck.get(5, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(io.smallrye.mutiny.TimeoutException.class);
        }
    }

    @Test
    void loadsSoManyAtOnceAndNoMore() {
        Map<String, String> settings = with(PATIENT, "load.at-once", "3", "load.most-keys", "10");
        try (OneProcess process = OneProcess.on(REDIS, prefix, settings)) {
            List<CompletableFuture<Served<String>>> asked = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                asked.add(process.ask("key-" + i, database.slow()));
            }
            await().atMost(OneProcess.BOUND).until(() -> process.leases("taken") == 10);

            assertThatThrownBy(() -> process.get("one-more", database.quick())).hasCauseInstanceOf(BusyException.class);

            await().atMost(OneProcess.BOUND).until(() -> {
                database.release();
                return asked.stream().allMatch(CompletableFuture::isDone);
            });
            assertThat(values(asked)).containsOnly("v1");
            assertThat(database.mostAtOnce()).isEqualTo(3);
        }
    }

    @Test
    void keepsNothingWhenItIsSwitchedOff() {
        try (OneProcess process = OneProcess.on(REDIS, prefix, with(PATIENT, "enabled", "false"))) {
            process.get("hot", database.quick());
            process.write("hot", Database.version(2));
            process.get("hot", database.quick());

            assertThat(database.loads()).isEqualTo(2);
            assertThat(process.requests("bypass")).isEqualTo(2);
        }
    }

    private static List<CompletableFuture<Served<String>>> crowd(
            Supplier<Uni<Loaded<String>>> load, OneProcess one, OneProcess two) {
        List<CompletableFuture<Served<String>>> crowd = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) {
            crowd.add(one.ask("hot", load));
            crowd.add(two.ask("hot", load));
        }
        return crowd;
    }

    private static List<String> values(List<CompletableFuture<Served<String>>> crowd) {
        return crowd.stream().map(each -> OneProcess.join(each).value()).toList();
    }

    static Map<String, String> with(Map<String, String> some, String... more) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    /** For what depends on how much time has passed, and on nothing that could be asked. */
    static void letPass(Duration time) {
        long endNs = System.nanoTime() + time.toNanos();
        await().atMost(time.multipliedBy(10).plusSeconds(1))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> System.nanoTime() - endNs >= 0);
    }
}
