package caravan.saga.audit;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.audit.Question;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page of ended sagas, and what is asked of its orders, among 200,000: by an index, whatever else there is. */
@QuarkusTest
@WithTestResource(Backends.class)
class AuditIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** One in fifty is under way, one in thirty cancels an order. */
    private static final String FILL = """
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at,
              due_at, check_at, data)
            select s.id, case when n % 30 = 0 then gen_random_uuid() else s.id end, d.id, s.phase,
              case when s.phase <> 'COMPLETED' then 'reserve-stock' end, 1, 1, now() - n * interval '1 second', now(),
              case when s.phase = 'RUNNING' then now() + interval '1 hour' end,
              case when s.phase = 'RUNNING' then now() + interval '1 hour' end, '{}'
            from (
                select n, gen_random_uuid() as id, case when n % 50 = 0 then 'RUNNING' else 'COMPLETED' end as phase
                from generate_series(1, 200000) n) s,
              (select min(id) as id from saga_definitions) d""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", FILL, "analyze sagas", "analyze operator_orders").forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsThePageThatFollows() {
        String plan = plan(
                EndedSagas.PAGE,
                "now() - interval '1 hour'",
                "gen_random_uuid()",
                "now() - interval '1 minute'",
                "1000");

        assertThat(plan).contains("sagas_ended").doesNotContain("Seq Scan");
    }

    @Test
    void countsWhatItSkips() {
        assertThat(plan(EndedSagas.SKIPPED, "now() - interval '2 hours'", "now() - interval '1 hour'"))
                .contains("sagas_ended")
                .doesNotContain("Seq Scan");
    }

    @Test
    void findsTheSagasOfSomeOrdersAndWhatWasSkippedOfThem() {
        String some = "array[md5('1'), md5('2')]::uuid[]";

        assertThat(plan(Question.SAGAS.ofSome(), some)).contains("sagas_pk").doesNotContain("Seq Scan on sagas");
        assertThat(plan(Question.CANCELS.ofSome(), some))
                .contains("sagas_cancelling")
                .doesNotContain("Seq Scan");
    }

    @Test
    void findsWhatIsOverdue() {
        assertThat(plan(OverdueSagas.OVERDUE)).contains("sagas_check_at").doesNotContain("Seq Scan");
    }

    private String plan(String sql, String... arguments) {
        String query = sql;
        for (int i = arguments.length; i >= 1; i--) {
            query = query.replace("$" + i, arguments[i - 1]);
        }
        StringBuilder plan = new StringBuilder();
        connection
                .query("explain " + query)
                .execute()
                .await()
                .atMost(BOUND)
                .forEach(row -> plan.append(row.getString(0)).append('\n'));
        return plan.toString();
    }

    private void run(String sql) {
        connection.query(sql).execute().await().atMost(BOUND);
    }
}
