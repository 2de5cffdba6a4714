package caravan.common.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import caravan.common.sql.Transactions.Writes;
import caravan.fleet.testing.BackendAddresses;
import caravan.fleet.testing.Backends;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real database, with one connection: what a transaction leaves behind the next one meets. */
class TransactionsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool = pool(vertx);

    @BeforeEach
    void table() {
        pool.query("drop table if exists transactions_test; create table transactions_test (n int primary key)")
                .execute()
                .await()
                .atMost(BOUND);
    }

    @AfterEach
    void close() {
        pool.query("drop table transactions_test").execute().await().atMost(BOUND);
        pool.closeAndAwait();
        vertx.closeAndAwait();
    }

    @Test
    void writesWhatWasDecidedAndGivesTheResult() {
        Uni<String> run = Transactions.run(
                pool, tx -> rows(tx).map(before -> new Writes<>("found " + before, List.of(add(tx, 1), add(tx, 2)))));

        assertThat(run.await().atMost(BOUND)).isEqualTo("found 0");
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void whatIsDecidedIsOneTransactionWithWhatIsWritten() {
        Uni<Long> run = Transactions.run(
                pool, tx -> add(tx, 1).chain(() -> rows(tx)).map(seen -> new Writes<>(seen, List.of(add(tx, 1)))));

        assertThatThrownBy(() -> run.await().atMost(BOUND)).hasMessageContaining("duplicate key");
        assertThat(count()).isZero();
    }

    @Test
    void aWriteThatFailsUndoesThoseBeforeAndAfterIt() {
        Uni<String> run = Transactions.run(
                pool, tx -> Uni.createFrom().item(new Writes<>("done", List.of(add(tx, 1), add(tx, 1), add(tx, 2)))));

        assertThatThrownBy(() -> run.await().atMost(BOUND)).hasMessageContaining("duplicate key");
        assertThat(count()).isZero();
    }

    @Test
    void aDecisionThatFailsLeavesNothing() {
        Uni<String> run = Transactions.run(
                pool,
                tx -> add(tx, 1).map(_ -> {
                    throw new IllegalStateException("changed my mind");
                }));

        assertThatThrownBy(() -> run.await().atMost(BOUND)).hasMessage("changed my mind");
        assertThat(count()).isZero();
    }

    @Test
    void aDecisionThatThrowsLeavesTheConnectionUsable() {
        Uni<String> run = Transactions.run(pool, _ -> {
            throw new IllegalStateException("never started");
        });

        assertThatThrownBy(() -> run.await().atMost(BOUND)).hasMessage("never started");
        assertThat(count()).isZero();
    }

    @Test
    void goesOnToItsEndWhenNobodyWaitsAnyMore() {
        CompletableFuture<Void> held = new CompletableFuture<>();
        CompletableFuture<Void> written = new CompletableFuture<>();
        var waiting = Transactions.run(
                        pool,
                        tx -> add(tx, 1)
                                .invoke(() -> written.complete(null))
                                .chain(() -> Uni.createFrom().completionStage(held))
                                .map(Writes::none))
                .subscribe()
                .with(_ -> {});
        written.orTimeout(BOUND.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();

        waiting.cancel();
        held.complete(null);

        await().atMost(BOUND).until(() -> count() == 1);
    }

    @Test
    void tellsAPlaceInTheLogThatIsNotBeforeTheCommit() {
        WalPosition before = flushed();

        var committed = Transactions.runAndLocate(
                        pool, tx -> rows(tx).map(seen -> new Writes<>("seen " + seen, List.of(add(tx, 1)))))
                .await()
                .atMost(BOUND);

        assertThat(committed.result()).isEqualTo("seen 0");
        assertThat(committed.position().reaches(before)).isTrue();
        assertThat(committed.position()).isNotEqualTo(before);
        assertThat(flushed().reaches(committed.position())).isTrue();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void tellsNoPlaceOfWhatWasUndone() {
        var run = Transactions.runAndLocate(
                pool, tx -> Uni.createFrom().item(new Writes<>("done", List.of(add(tx, 1), add(tx, 1)))));

        assertThatThrownBy(() -> run.await().atMost(BOUND)).hasMessageContaining("duplicate key");
        assertThat(count()).isZero();
    }

    private WalPosition flushed() {
        return pool.query("select pg_current_wal_flush_lsn()::text as position")
                .execute()
                .map(rows -> WalPosition.parse(rows.iterator().next().getString("position")))
                .await()
                .atMost(BOUND);
    }

    private static Uni<Void> add(SqlConnection tx, int n) {
        return tx.preparedQuery("insert into transactions_test values ($1)")
                .execute(Tuple.of(n))
                .replaceWithVoid();
    }

    private static Uni<Long> rows(SqlConnection tx) {
        return tx.query("select count(*) as n from transactions_test")
                .execute()
                .map(rows -> rows.iterator().next().getLong("n"));
    }

    private long count() {
        return pool.withConnection(TransactionsTest::rows).await().atMost(BOUND);
    }

    private static Pool pool(Vertx vertx) {
        BackendAddresses at = Backends.addresses();
        PgConnectOptions to = new PgConnectOptions()
                .setHost(at.dbHost())
                .setPort(at.dbPort())
                .setUser(at.dbUser())
                .setPassword(at.dbPassword())
                .setDatabase("orders");
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(1))
                .connectingTo(to)
                .using(vertx.getDelegate())
                .build());
    }
}
