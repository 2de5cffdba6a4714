package caravan.common.cache;

import static caravan.common.cache.Database.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis is away, held up, or has forgotten everything. */
class CacheLossTest {

    private static final Map<String, String> PATIENT = Map.of("load.wait-at-most", "15s");

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final Database database = new Database(version(1));

    @Test
    void loadsOnceAtATimeWithoutRedis() {
        try (OwnRedis redis = Backends.ownRedis()) {
            redis.kill();
            try (OneProcess process = OneProcess.starting(redis.url(), prefix, PATIENT)) {
                List<CompletableFuture<Served<String>>> crowd = IntStream.range(0, 1_000)
                        .mapToObj(_ -> process.ask("tea", database.slow()))
                        .toList();
                database.awaitLoads(1);
                database.release();

                assertThat(crowd)
                        .extracting(each -> OneProcess.join(each).value())
                        .containsOnly("v1");
                assertThat(database.loads()).isEqualTo(1);

                redis.restart();
                process.awaitRedis(true);
                process.get("tea", database.quick());
                process.get("tea", database.quick());
                assertThat(database.loads()).isEqualTo(2);
            }
        }
    }

    @Test
    void whoAsksAfterAWriteWithoutRedisDoesNotJoinTheLoadBeforeIt() {
        try (OwnRedis redis = Backends.ownRedis()) {
            redis.kill();
            try (OneProcess process = OneProcess.starting(redis.url(), prefix, PATIENT)) {
                CompletableFuture<Served<String>> early = process.ask("tea", database.slow());
                database.awaitLoads(1);
                database.set(version(2));
                process.write("tea", version(2));

                CompletableFuture<Served<String>> late = process.ask("tea", database.slow());
                database.awaitLoads(2);
                database.release();

                assertThat(OneProcess.join(early).value()).isEqualTo("v1");
                assertThat(OneProcess.join(late).value()).isEqualTo("v2");
            }
        }
    }

    @Test
    void hardlyAnybodyWaitsForARedisThatIsSilent() {
        try (OwnRedis redis = Backends.ownRedis();
                OneProcess process = OneProcess.on(redis.url(), prefix, PATIENT)) {
            redis.freeze();
            long frozenNs = System.nanoTime();
            assertThat(process.value("tea", database.quick())).isEqualTo("v1");
            process.awaitRedis(false);
            assertThat(Duration.ofNanos(System.nanoTime() - frozenNs)).isLessThan(Duration.ofSeconds(2));

            long startedNs = System.nanoTime();
            IntStream.range(0, 500).forEach(i -> process.get("key-" + i, database.quick()));

            assertThat(Duration.ofNanos(System.nanoTime() - startedNs)).isLessThan(Duration.ofSeconds(2));
            redis.thaw();
            process.awaitRedis(true);
            process.get("tea", database.quick());
            double hits = process.requests("hit");
            await().atMost(OneProcess.BOUND).until(() -> {
                process.get("tea", database.quick());
                return process.requests("hit") > hits;
            });
        }
    }

    @Test
    void goesOnWhenRedisForgetsItsScripts() {
        try (OwnRedis redis = Backends.ownRedis();
                OneProcess process = OneProcess.on(redis.url(), prefix, PATIENT)) {
            process.get("tea", database.quick());
            process.redis(io.vertx.redis.client.Request.cmd(io.vertx.redis.client.Command.SCRIPT)
                    .arg("FLUSH"));

            process.get("tea", database.quick());

            assertThat(database.loads()).isEqualTo(1);
        }
    }

    private record Read(long version, long askedNs, Duration age) {}

    /**
     * Two processes read and write the same key while Redis is flushed, killed, and held up. What a read says about its age must be true: it
     * may be older than the last write, but not by more than it says, and never by more than the limit.
     */
    @Test
    void saysTheTruthAboutItsAgeWhateverBecomesOfRedis() {
        Map<String, String> settings =
                HerdTest.with(PATIENT, "fresh-for", "300ms", "dead-after", "1500ms", "load.longest", "1s");
        // When the write of each version was answered, after which none older may claim to be younger.
        List<Long> writtenNs = new ArrayList<>(List.of(System.nanoTime()));
        Queue<Read> reads = new ConcurrentLinkedQueue<>();
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
        try (OwnRedis redis = Backends.ownRedis();
                OneProcess one = OneProcess.on(redis.url(), prefix, settings);
                OneProcess two = OneProcess.on(redis.url(), prefix, settings)) {
            one.write("tea", version(1));
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> readers = List.of(
                    reading(one, over, reads, faults),
                    reading(two, over, reads, faults),
                    reading(two, over, reads, faults));
            Runnable writes = () -> IntStream.range(0, 12).forEach(i -> {
                long next = writtenNs.size() + 1L;
                database.set(version(next));
                (i % 2 == 0 ? one : two).write("tea", version(next));
                writtenNs.add(System.nanoTime());
                HerdTest.letPass(Duration.ofMillis(60));
            });
            try {
                writes.run();
                one.flushRedis();
                writes.run();
                redis.kill();
                writes.run();
                redis.restart();
                writes.run();
                redis.freeze();
                writes.run();
                redis.thaw();
                writes.run();
                one.awaitRedis(true);
                two.awaitRedis(true);
                writes.run();
            } finally {
                over.set(true);
                readers.forEach(OneProcess::join);
            }

            assertThat(faults).isEmpty();
            assertThat(one.requests("hit") + two.requests("hit")).isPositive();
            assertThat(reads.size()).isGreaterThan(1_000);
            assertThat(reads).allSatisfy(read -> {
                assertThat(read.age()).isLessThan(Duration.ofMillis(1_600));
                if (read.version() < writtenNs.size()) {
                    long supersededNs = writtenNs.get(Math.toIntExact(read.version()));
                    assertThat(read.age().toNanos()).isGreaterThanOrEqualTo(read.askedNs() - supersededNs);
                }
            });
        }
    }

    private CompletableFuture<Void> reading(
            OneProcess process, AtomicBoolean over, Queue<Read> reads, Queue<Throwable> faults) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!over.get()) {
                        long askedNs = System.nanoTime();
                        try {
                            Served<String> served = process.ask("tea", this::delayed)
                                    .orTimeout(5, TimeUnit.SECONDS)
                                    .join();
                            String value = String.valueOf(served.value());
                            reads.add(new Read(Long.parseLong(value.substring(1)), askedNs, served.age()));
                        } catch (RuntimeException e) {
                            faults.add(e);
                        }
                    }
                },
                work -> Thread.ofPlatform().start(work));
    }

    /** A load that takes a little, so that writes come between. */
    private Uni<Loaded<String>> delayed() {
        return database.quick().get().onItem().delayIt().by(Duration.ofMillis(5));
    }
}
