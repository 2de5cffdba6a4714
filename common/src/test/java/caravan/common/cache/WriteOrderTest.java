package caravan.common.cache;

import static caravan.common.cache.Database.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.testing.Backends;
import caravan.fleet.testing.OwnRedis;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads that load and writes, in two processes, in every order that could do harm. */
class WriteOrderTest {

    private static final String REDIS = Backends.addresses().redisUrl();
    private static final Map<String, String> PATIENT = Map.of("load.wait-at-most", "15s");

    private final String prefix = "test:" + UUID.randomUUID() + ":";
    private final Database database = new Database(version(1));
    private final Database never = new Database(version(99));

    private OneProcess reader;
    private OneProcess writer;

    @BeforeEach
    void open() {
        reader = OneProcess.on(REDIS, prefix, PATIENT);
        writer = OneProcess.on(REDIS, prefix, PATIENT);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
    }

    @Test
    void aWriteIsReadWithoutALoad() {
        reader.get("tea", database.quick());

        write(2);

        assertThat(reader.value("tea", never.quick())).isEqualTo("v2");
        assertThat(writer.value("tea", never.quick())).isEqualTo("v2");
        assertThat(never.loads()).isZero();
    }

    @Test
    void anOldLoadThatEndsAfterANewWriteDoesNotReplaceIt() {
        CompletableFuture<Served<String>> loading = reader.ask("tea", database.slow());
        database.awaitLoads(1);
        write(2);

        database.release();

        assertThat(OneProcess.join(loading).value()).isEqualTo("v2");
        assertThat(reader.value("tea", never.quick())).isEqualTo("v2");
        assertThat(writer.value("tea", never.quick())).isEqualTo("v2");
        assertThat(never.loads()).isZero();
    }

    @Test
    void anOldLoadThatEndsBeforeANewWriteIsReplacedByIt() {
        CompletableFuture<Served<String>> loading = reader.ask("tea", database.slow());
        database.awaitLoads(1);
        database.release();
        assertThat(OneProcess.join(loading).value()).isEqualTo("v1");

        write(2);

        assertThat(reader.value("tea", never.quick())).isEqualTo("v2");
    }

    @Test
    void aLoadThatSawTheNewWriteComesInBesideIt() {
        Writing writing = Writing.begun(writer);
        database.set(version(2));

        // Committed, read by somebody, and only then told to the cache.
        assertThat(reader.value("tea", database.quick())).isEqualTo("v2");
        writing.commit(version(2));

        assertThat(reader.value("tea", never.quick())).isEqualTo("v2");
    }

    @Test
    void anInvalidationDuringALoadWins() {
        CompletableFuture<Served<String>> loading = reader.ask("tea", database.slow());
        database.awaitLoads(1);
        database.set(version(2));
        writer.invalidate("tea");

        database.release();

        // What it has loaded is overtaken: it loads again before it answers, and stores that.
        database.awaitLoads(2);
        database.release();
        assertThat(OneProcess.join(loading).value()).isEqualTo("v2");
        assertThat(writer.value("tea", never.quick())).isEqualTo("v2");
        assertThat(database.loads()).isEqualTo(2);
    }

    @Test
    void whoAsksAfterAnInvalidationDoesNotJoinTheLoadBeforeIt() {
        CompletableFuture<Served<String>> early = reader.ask("tea", database.slow());
        database.awaitLoads(1);
        database.set(version(2));
        reader.invalidate("tea");

        CompletableFuture<Served<String>> late = reader.ask("tea", database.slow());
        database.awaitLoads(2);
        database.release();

        assertThat(OneProcess.join(late).value()).isEqualTo("v2");
        assertThat(OneProcess.join(early).value()).isEqualTo("v2");
        assertThat(database.loads()).isEqualTo(2);
    }

    @Test
    void aReaderThatIsOvertakenAgainAndAgainIsGivenTheLastLoad() {
        CompletableFuture<Served<String>> loading = reader.ask("tea", database.slow());
        for (int load = 1; load <= 3; load++) {
            database.awaitLoads(load);
            writer.invalidate("tea");
            database.release();
        }

        assertThat(OneProcess.join(loading).value()).isEqualTo("v1");
        assertThat(database.loads()).isEqualTo(3);
    }

    @Test
    void theHigherOfTwoVersionsStaysWhicheverIsToldFirst() {
        Writing second = Writing.begun(reader);

        write(3);
        second.commit(version(2));

        assertThat(reader.value("tea", never.quick())).isEqualTo("v3");
        assertThat(writer.value("tea", never.quick())).isEqualTo("v3");
    }

    @Test
    void anOldWriteDoesNotComeInAfterTheNewerOneWasInvalidated() {
        Writing second = Writing.begun(reader);
        write(3);
        writer.invalidate("tea");
        database.set(version(3));

        second.commit(version(2));

        assertThat(reader.value("tea", database.quick())).isEqualTo("v3");
        assertThat(database.loads()).isEqualTo(1);
    }

    @Test
    void aWriteThatFailsMayHaveBeenDone() {
        reader.get("tea", database.quick());
        database.set(version(2));
        Uni<Loaded<String>> lost = Uni.createFrom().failure(new IllegalStateException("the commit's answer got lost"));

        assertThatThrownBy(() -> OneProcess.join(
                        writer.cache.write("tea", () -> lost, Optional::of).subscribeAsCompletionStage()))
                .hasMessageContaining("got lost");

        assertThat(reader.value("tea", database.quick())).isEqualTo("v2");
    }

    @Test
    void aWriteThatChangedNothingLeavesTheEntry() {
        reader.get("tea", database.quick());

        OneProcess.join(writer.cache
                .write("tea", () -> Uni.createFrom().item("refused"), _ -> Optional.empty())
                .subscribeAsCompletionStage());

        assertThat(reader.value("tea", never.quick())).isEqualTo("v1");
    }

    @Test
    void withoutWriteThroughAWriteRemovesTheEntry() {
        try (OneProcess other = OneProcess.on(REDIS, prefix, Map.of("write-through", "false"))) {
            reader.get("tea", database.quick());
            database.set(version(2));

            other.write("tea", version(2));

            assertThat(reader.value("tea", database.quick())).isEqualTo("v2");
            assertThat(database.loads()).isEqualTo(2);
        }
    }

    @Test
    void aWriteThatTookLongIsAsOldAsItsBeginning() {
        Writing writing = Writing.begun(writer);
        HerdTest.letPass(Duration.ofMillis(300));
        writing.commit(version(2));

        assertThat(reader.get("tea", never.quick()).age()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    /** What is sent to a Redis that is held up is done when it goes on, long after whoever sent it has given up. */
    @Test
    void whatRedisStoresLateIsNotTakenForYounger() {
        try (OwnRedis redis = Backends.ownRedis();
                OneProcess process = OneProcess.on(redis.url(), prefix, Map.of())) {
            // Redis knows the scripts from now on.
            process.get("cup", new Database(version(1)).quick());
            CompletableFuture<Served<String>> loading = process.ask("tea", database.slow());
            database.awaitLoads(1);
            redis.freeze();
            database.release();
            assertThat(OneProcess.join(loading).value()).isEqualTo("v1");
            process.awaitRedis(false);
            HerdTest.letPass(Duration.ofMillis(700));

            redis.thaw();
            process.awaitRedis(true);

            Served<String> late = process.get("tea", database.quick());
            assertThat(late.age()).isGreaterThanOrEqualTo(Duration.ofMillis(700));
            assertThat(database.loads()).as("it was stored").isEqualTo(1);
        }
    }

    /** A write that has begun, and is committed when a test wants it. */
    private record Writing(CompletableFuture<Loaded<String>> committed, CompletableFuture<Loaded<String>> answered) {

        static Writing begun(OneProcess process) {
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            CompletableFuture<Loaded<String>> committed = new CompletableFuture<>();
            CompletableFuture<Loaded<String>> answered = process.cache
                    .write(
                            "tea",
                            () -> {
                                begun.complete(true);
                                return Uni.createFrom().completionStage(committed);
                            },
                            Optional::of)
                    .subscribeAsCompletionStage();
            OneProcess.join(begun);
            return new Writing(committed, answered);
        }

        void commit(Loaded<String> now) {
            committed.complete(now);
            OneProcess.join(answered);
        }
    }

    private void write(long version) {
        database.set(version(version));
        writer.write("tea", version(version));
    }
}
