package caravan.saga.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each index serves the statements it is there for, among 200,000 sagas. */
@QuarkusTest
@WithTestResource(Backends.class)
class SagaIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** One in fifty is under way, and of those one in twenty late; one in a thousand stuck; one in thirty cancels an order. */
    private static final String FILL = """
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at,
              due_at, check_at, data)
            select s.id, case when n % 30 = 0 then gen_random_uuid() else s.id end, d.id, s.phase,
              case when s.phase <> 'COMPLETED' then 'reserve-stock' end, 1, 1, now() - n * interval '1 minute', now(),
              case when s.phase = 'RUNNING' then now() + s.due end, case when s.phase = 'RUNNING' then now() + s.due end, '{}'
            from (
                select n, gen_random_uuid() as id,
                  case when n % 50 = 0 then 'RUNNING' when n % 1000 = 1 then 'STUCK' else 'COMPLETED' end as phase,
                  case when n % 1000 = 0 then -1 else 1 end * n * interval '1 second' as due
                from generate_series(1, 200000) n) s,
              (select min(id) as id from saga_definitions) d""";

    /** Seven for each of 30,000 sagas. */
    private static final String FILL_STEPS = """
            insert into saga_steps (saga_id, sequence, cause, event)
            select md5((n / 7)::text)::uuid, n % 7, 'cause ' || n % 7, '{}' from generate_series(0, 209999) n""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", FILL, FILL_STEPS, "analyze sagas", "analyze saga_steps")
                .forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsDeadlinesThatHavePassed() {
        Plan due = plan(SagaStore.LOCK_DUE, "now()", "200", "array[1, 2]");
        Plan putOff = plan(SagaStore.PUT_OFF, "now()", "200");

        assertThat(due.indexes()).containsExactly("sagas_check_at");
        // What is due is few: to put it in the order of its deadlines is all right.
        assertThat(due.steps()).containsOnlyOnce("Sort").doesNotContain("Seq Scan");
        assertThat(putOff.indexes()).containsExactly("sagas_check_at", "sagas_pk");
        assertThat(putOff.steps()).doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void countsWhatIsOpenLateOrStuck() {
        assertThat(plan(DeadlineSweeper.WATCH, "now()").indexes()).containsExactly("sagas_check_at", "sagas_stuck");
        assertThat(plan(DeadlineSweeper.WATCH, "now()").steps()).doesNotContain("Seq Scan");
        assertThat(plan(SagaLoad.COUNT).indexes()).containsExactly("sagas_check_at");
        assertThat(plan(SagaLoad.COUNT).steps()).doesNotContain("Seq Scan");
        assertThat(plan(SagaMetrics.OPEN).indexes()).contains("sagas_check_at");
    }

    @Test
    void findsEndedSagasToForget() {
        Plan ended = plan(EndedSweeper.TAKE, "now() - interval '7 days'", "200");

        assertThat(ended.indexes()).containsExactly("sagas_cancelling", "sagas_ended", "sagas_pk");
        assertThat(ended.steps()).doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void findsSagasAndWhatHappenedToThem() {
        Plan lock = plan(SagaStore.LOCK, "array[md5('1'), md5('2')]::uuid[]");
        Plan causedBy =
                plan(SagaStore.CAUSED_BY, "array[md5('7')]", "array['cause 1']", "array['']", "array['']", "array['']");

        assertThat(lock.indexes()).containsExactly("sagas_pk");
        assertThat(lock.steps()).doesNotContain("Seq Scan");
        assertThat(causedBy.indexes()).containsExactly("saga_steps_pk");
        assertThat(causedBy.steps()).doesNotContain("Seq Scan");
    }

    private Plan plan(String sql, String... arguments) {
        String query = sql;
        for (int i = arguments.length; i >= 1; i--) {
            query = query.replace("$" + i, arguments[i - 1]);
        }
        return Plan.of(connection
                .query("explain (format json) " + query)
                .execute()
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getJsonArray(0));
    }

    private void run(String sql) {
        connection.query(sql).execute().await().atMost(BOUND);
    }

    /** What PostgreSQL would do: its steps, from the first, and the indexes that they use. */
    private record Plan(List<String> steps, Set<String> indexes) {

        static Plan of(JsonArray explained) {
            Plan plan = new Plan(new ArrayList<>(), new TreeSet<>());
            plan.add(explained.getJsonObject(0).getJsonObject("Plan"));
            return plan;
        }

        private void add(JsonObject step) {
            steps.add(step.getString("Node Type"));
            if (step.containsKey("Index Name")) {
                indexes.add(step.getString("Index Name"));
            }
            step.getJsonArray("Plans", new JsonArray()).forEach(each -> add((JsonObject) each));
        }
    }
}
