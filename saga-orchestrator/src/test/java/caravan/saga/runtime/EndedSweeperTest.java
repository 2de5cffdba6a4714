package caravan.saga.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import caravan.saga.cancelorder.CancelOrder;
import caravan.saga.runtime.SagaRunnerTest.Impatient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(Impatient.class)
class EndedSweeperTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private static final String INSERT = """
            with saga as (
              insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at,
                due_at, check_at, data)
              select $1, $2, min(id), $3, case when $3 not like 'COMP%' then 'reserve-stock' end, 1, 1, $4, $4,
                case when $3 in ('RUNNING', 'UNDOING') then now() + interval '1 day' end,
                case when $3 in ('RUNNING', 'UNDOING') then now() + interval '1 day' end, '{}'
              from saga_definitions)
            insert into saga_steps (saga_id, sequence, cause, event) values ($1, 1, 'test', '{}'), ($1, 2, 'test', '{}')""";

    @Inject
    Pool pool;

    @Inject
    EndedSweeper sweeper;

    private final Instant now = Instant.now();
    private final Instant longAgo = now.minus(Duration.ofDays(8));
    private final Instant lately = now.minus(Duration.ofDays(6));
    private final UUID order = UUID.randomUUID();
    private final UUID cancelling = CancelOrder.sagaOf(order);
    private Wire wire;

    @BeforeEach
    void listens() {
        wire = new Wire(
                ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                Topics.SAGA_RETENTION,
                Topics.deadLetters(Topics.ORDER_EVENTS));
    }

    @AfterEach
    void hangsUp() {
        wire.close();
        query("delete from sagas where data = '{}'");
        query("delete from saga_steps where cause = 'test'");
    }

    @Test
    void forgetsWhatEndedBeforeTheWindowAndSaysSo() {
        UUID compensated = UUID.randomUUID();
        saga(order, order, "COMPLETED", longAgo);
        saga(compensated, compensated, "COMPENSATED", longAgo.plusSeconds(1));

        assertThat(sweep()).isEqualTo(2);

        assertThat(rowsOf(order) + rowsOf(compensated)).isZero();
        await().atMost(BOUND)
                .until(
                        () -> wire.heard(order).stream().map(r -> r.message()).toList(),
                        heard -> heard.equals(List.of(new SagasForgotten(
                                List.of(new Forgotten(order, order), new Forgotten(compensated, compensated))))));
    }

    @Test
    void keepsWhatIsOpenOrStuckAndWhatEndedLately() {
        List<UUID> kept = IntStream.range(0, 4).mapToObj(_ -> UUID.randomUUID()).toList();
        saga(kept.get(0), kept.get(0), "RUNNING", longAgo);
        saga(kept.get(1), kept.get(1), "UNDOING", longAgo);
        saga(kept.get(2), kept.get(2), "STUCK", longAgo);
        saga(kept.get(3), kept.get(3), "COMPLETED", lately);

        assertThat(sweep()).isZero();

        assertThat(kept).allSatisfy(id -> assertThat(rowsOf(id)).isEqualTo(3));
    }

    @Test
    void keepsThePlacingOfAnOrderThatIsBeingCancelled() {
        saga(order, order, "COMPLETED", longAgo);
        saga(cancelling, order, "STUCK", longAgo);

        assertThat(sweep()).isZero();
    }

    @Test
    void keepsBothSagasOfAnOrderUntilBothEndedLongAgo() {
        saga(order, order, "COMPLETED", lately);
        saga(cancelling, order, "COMPENSATED", longAgo);
        UUID other = UUID.randomUUID();
        saga(other, other, "COMPLETED", longAgo);
        saga(CancelOrder.sagaOf(other), other, "COMPLETED", lately);
        assertThat(sweep()).isZero();

        end(longAgo, order, CancelOrder.sagaOf(other));

        assertThat(sweep()).isEqualTo(4);
    }

    @Test
    void forgetsACancellingWhosePlacingIsForgotten() {
        saga(cancelling, order, "COMPLETED", longAgo);

        assertThat(sweep()).isEqualTo(1);
    }

    @Test
    void takesNoMoreThanABatchOldestFirst() {
        UUID newest = UUID.randomUUID();
        saga(newest, newest, "COMPLETED", longAgo.plusSeconds(1));
        IntStream.range(0, 200).mapToObj(_ -> UUID.randomUUID()).forEach(id -> saga(id, id, "COMPLETED", longAgo));

        assertThat(sweep()).isEqualTo(200);

        assertThat(rowsOf(newest)).isEqualTo(3);
        assertThat(sweep()).isEqualTo(1);
    }

    @Test
    void leavesWhatAnotherReplicaIsForgetting() {
        UUID free = UUID.randomUUID();
        saga(order, order, "COMPLETED", longAgo);
        saga(free, free, "COMPLETED", longAgo);
        SqlConnection replica = pool.getConnection().await().atMost(BOUND);
        try {
            replica.query("begin").execute().await().atMost(BOUND);
            replica.preparedQuery("select from sagas where id = $1 for update")
                    .execute(Tuple.of(order))
                    .await()
                    .atMost(BOUND);

            assertThat(sweep()).isEqualTo(1);

            assertThat(rowsOf(free)).isZero();
        } finally {
            replica.query("rollback").execute().await().atMost(BOUND);
            replica.close().await().atMost(BOUND);
        }
    }

    @Test
    void refusesAnOrderThatIsOlderThanTheReplayWindow() {
        wire.say(SagaRunnerTest.placed(order).at(now.minus(Duration.ofDays(7))));

        await().atMost(BOUND)
                .until(() -> wire.deadLetters(Topics.ORDER_EVENTS).stream()
                        .filter(record -> order.toString().equals(record.key()))
                        .map(record -> new String(
                                record.headers().lastHeader("dead-cause").value(), StandardCharsets.UTF_8))
                        .anyMatch(cause -> cause.contains("replay window")));
        assertThat(rowsOf(order)).isZero();
    }

    @Test
    void refusesToForgetWhatParticipantsStillTake() {
        Duration week = Duration.ofDays(7);

        assertThatIllegalStateException()
                .isThrownBy(() -> EndedSweeper.refuseToForgetTooSoon(week, week))
                .withMessageContaining("replay-window");
    }

    private int sweep() {
        return sweeper.sweep(now).await().atMost(BOUND);
    }

    private void saga(UUID id, UUID orderId, String phase, Instant since) {
        pool.preparedQuery(INSERT)
                .execute(Tuple.of(id, orderId, phase, since.atOffset(ZoneOffset.UTC)))
                .await()
                .atMost(BOUND);
    }

    private void end(Instant at, UUID... sagas) {
        pool.preparedQuery("update sagas set step_started_at = $1 where id = any($2)")
                .execute(Tuple.of(at.atOffset(ZoneOffset.UTC), sagas))
                .await()
                .atMost(BOUND);
    }

    /** The saga's row and its steps'. */
    private long rowsOf(UUID id) {
        return query("""
                        select (select count(*) from sagas where id = '%1$s')
                          + (select count(*) from saga_steps where saga_id = '%1$s')""".formatted(id)).iterator().next().getLong(0);
    }

    private RowSet<Row> query(String sql) {
        return pool.query(sql).execute().await().atMost(BOUND);
    }
}
