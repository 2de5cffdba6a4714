package caravan.notification;

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

/** The sender finds what is due among 200,000 mails without looking at those that were sent. */
@QuarkusTest
@WithTestResource(Backends.class)
class ConfirmationIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** One in fifty is not sent: most of those are to be sent later, some are being sent, some uncertain. */
    private static final String FILL = """
            insert into confirmations (order_id, kind, email, name, content, message_id, state, next_try_at, leased_until, sent_at)
            select md5(n::text)::uuid, 'CONFIRMATION', 'ada@example.com', 'Ada', '{}', n::text, state,
              now() + (n - 20000) * interval '1 second', case when state = 'SENDING' then now() + n * interval '1 second' end,
              case when state = 'SENT' then now() end
            from (
                select n, case when n % 1000 = 1 then 'SENDING' when n % 1000 = 2 then 'UNCERTAIN'
                  when n % 50 = 0 then 'PENDING' else 'SENT' end as state
                from generate_series(1, 200000) n) s""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", FILL, "analyze confirmations").forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsWhatIsDue() {
        Plan claim = plan(SendingStore.CLAIM, "50", "60000");

        assertThat(claim.indexes()).containsExactly("confirmations_open", "confirmations_pk");
        assertThat(claim.steps()).doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void findsWhatItsSenderLeftBehind() {
        Plan expire = plan(SendingStore.EXPIRE);
        Plan resend = plan(SendingStore.RESEND, "3");

        assertThat(expire.indexes()).contains("confirmations_open");
        assertThat(expire.steps()).doesNotContain("Seq Scan");
        assertThat(resend.indexes()).containsExactly("confirmations_open");
        assertThat(resend.steps()).doesNotContain("Seq Scan");
    }

    @Test
    void countsWhatIsNotSent() {
        Plan count = plan(SendingStore.COUNT);

        assertThat(count.indexes()).containsExactly("confirmations_open");
        assertThat(count.steps()).doesNotContain("Seq Scan");
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
