package caravan.saga.runtime;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas at one saga. */
@QuarkusTest
@WithTestResource(Backends.class)
class SagaStoreTest {

    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final int MANY = 10_000;

    @Inject
    Pool pool;

    @Inject
    SagaStore store;

    private final UUID saga = UUID.randomUUID();
    private final Instant due = Instant.now().plus(Duration.ofDays(1));
    private SqlConnection replica;

    /** Its deadline is far away, so that the sweeper of this process leaves it alone. */
    @BeforeEach
    void begins() {
        Wire wire = new Wire(
                ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class), Topics.SAGA_EVENTS);
        wire.say(SagaRunnerTest.placed(saga));
        await().atMost(20, SECONDS).until(() -> run("select from sagas where id = $1", saga) == 1);
        wire.close();
        run("update sagas set due_at = $2, check_at = $2 where id = $1", saga, due.atOffset(ZoneOffset.UTC));
        replica = pool.getConnection().await().atMost(BOUND);
        replica.query("begin").execute().await().atMost(BOUND);
    }

    @AfterEach
    void ends() {
        replica.query("rollback").execute().await().atMost(BOUND);
        replica.close().await().atMost(BOUND);
        run("delete from saga_steps where saga_id = $1", saga);
        run("delete from sagas where id = $1", saga);
    }

    @Test
    void leavesWhatAnotherSweeperHasInHand() {
        assertThat(due(replica).await().atMost(BOUND)).contains(saga);

        Set<UUID> others = pool.withTransaction(this::due).await().atMost(BOUND);

        assertThat(others).doesNotContain(saga);
    }

    @Test
    void keepsASagaFromOthersUntilItsTransactionEnds() {
        store.lock(replica, List.of(saga)).await().atMost(BOUND);

        assertThat(run("select from sagas where id = $1 for update skip locked", saga))
                .isZero();
    }

    private Uni<Set<UUID>> due(SqlConnection tx) {
        return store.lockDue(tx, due.plusSeconds(1), MANY).map(found -> Set.copyOf(found.keySet()));
    }

    /** Gives how many rows. */
    private int run(String sql, Object... arguments) {
        return pool.preparedQuery(sql)
                .execute(Tuple.from(arguments))
                .map(rows -> rows.rowCount())
                .await()
                .atMost(BOUND);
    }
}
