package caravan.common.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import caravan.common.sql.Transactions.Writes;
import caravan.fleet.PgBouncer;
import caravan.fleet.testing.BackendAddresses;
import caravan.fleet.testing.Backends;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Many clients share few server connections, and what one of them sends without waiting never gets into another's transaction. CI has PgBouncer; elsewhere these
 * tests need {@code apt-get install pgbouncer}.
 */
class PooledTransactionsTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int CLIENTS = 100;
    private static final int TRANSACTIONS = 2000;
    private static final int SERVERS = 20;

    /** Longer than what PgBouncer reads at once: messages arrive in pieces. */
    private static final String LONG = "x".repeat(9000);

    private static final String OWN = """
            select owner, pg_backend_pid() as server from pooled_marks where xid = pg_current_xact_id()::text""";

    private static Vertx vertx;
    private static Pool pool;

    /** What one transaction saw of itself. */
    private record Seen(int server, List<Integer> owners) {}

    @BeforeAll
    static void start() {
        assumeTrue(PgBouncer.installed() || "true".equals(System.getenv("CI")), "apt-get install pgbouncer");
        vertx = Vertx.vertx();
        pool = pool(vertx);
        pool.query("""
                        drop table if exists pooled_marks;
                        create table pooled_marks (
                          owner int, n int, xid text not null default pg_current_xact_id()::text, filling text, primary key (owner, n))
                        """).execute().await().atMost(BOUND);
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            pool.closeAndAwait();
            vertx.closeAndAwait();
        }
    }

    @Test
    void keepApartWhatHundredsOfThemSendAtOnce() {
        List<Uni<Seen>> runs = IntStream.range(0, TRANSACTIONS)
                .mapToObj(owner -> succeedsUnlessFifth(owner))
                .toList();

        List<Seen> seen = Uni.join().all(runs).andCollectFailures().await().atMost(BOUND);

        Set<Integer> servers = new HashSet<>();
        for (int owner = 0; owner < TRANSACTIONS; owner++) {
            assertThat(seen.get(owner).owners()).containsExactly(owner);
            servers.add(seen.get(owner).server());
        }
        servers.remove(0);
        assertThat(servers).hasSizeBetween(2, SERVERS);
        assertThat(rows("select count(*) from pooled_marks")).isEqualTo(3L * TRANSACTIONS * 4 / 5);
        assertThat(rows("select count(*) from pooled_marks where owner % 5 = 4"))
                .isZero();
        assertThat(rows("select count(distinct (owner, xid)) from pooled_marks"))
                .isEqualTo(TRANSACTIONS * 4L / 5);
    }

    /** Every fifth fails, in each of the ways in which it can. */
    private static Uni<Seen> succeedsUnlessFifth(int owner) {
        Uni<Seen> run = Transactions.run(
                pool, tx -> decide(tx, owner).chain(() -> look(tx)).map(seen -> new Writes<>(seen, writes(tx, owner))));
        if (owner % 5 != 4) {
            return run;
        }
        return run.onItem()
                .failWith(() -> new AssertionError(owner + " should have failed"))
                .onFailure(fault -> String.valueOf(fault.getMessage()).contains("duplicate key"))
                .recoverWithItem(() -> new Seen(0, List.of(owner)));
    }

    private static Uni<Void> decide(SqlConnection tx, int owner) {
        Uni<Void> first = add(tx, owner, 1);
        return owner % 5 == 4 && owner % 3 == 0 ? first.chain(() -> add(tx, owner, 1)) : first;
    }

    private static List<Uni<Void>> writes(SqlConnection tx, int owner) {
        if (owner % 5 != 4) {
            return List.of(add(tx, owner, 2), add(tx, owner, 3));
        }
        return owner % 3 == 1
                ? List.of(add(tx, owner, 1), add(tx, owner, 2))
                : List.of(add(tx, owner, 2), add(tx, owner, 1));
    }

    private static Uni<Void> add(SqlConnection tx, int owner, int n) {
        return tx.preparedQuery("insert into pooled_marks (owner, n, filling) values ($1, $2, $3)")
                .execute(Tuple.of(owner, n, LONG))
                .replaceWithVoid();
    }

    /** What this transaction wrote so far, whoever it believes to be. */
    private static Uni<Seen> look(SqlConnection tx) {
        return tx.preparedQuery(OWN).execute().map(rows -> {
            List<Integer> owners = new ArrayList<>();
            int server = 0;
            for (Row row : rows) {
                owners.add(row.getInteger("owner"));
                server = row.getInteger("server");
            }
            return new Seen(server, owners);
        });
    }

    private static long rows(String sql) {
        return pool.query(sql)
                .execute()
                .map(rows -> rows.iterator().next().getLong(0))
                .await()
                .atMost(BOUND);
    }

    /** As a service is told to do by {@code caravan.db.named-statements=false}. */
    private static Pool pool(Vertx vertx) {
        BackendAddresses at = Backends.pooled();
        PgConnectOptions to = new PgConnectOptions()
                .setHost(at.dbHost())
                .setPort(at.dbPort())
                .setUser(at.dbUser())
                .setPassword(at.dbPassword())
                .setDatabase("orders")
                .setUseLayer7Proxy(true)
                .setCachePreparedStatements(false);
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(CLIENTS))
                .connectingTo(to)
                .using(vertx.getDelegate())
                .build());
    }
}
