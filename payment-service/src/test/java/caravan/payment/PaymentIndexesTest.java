package caravan.payment;

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

/** The cashier finds what is due among 200,000 payments without looking at the others. */
@QuarkusTest
@WithTestResource(Backends.class)
class PaymentIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** One in fifty is open, and of those one in ten suspect; most of the open ones are due later. */
    private static final String FILL = """
            insert into payments (order_id, charge_saga_id, charge_step, state, amount_minor, currency, captured_minor,
              network_charge_id, card_token, suspect, next_try_at, requested_at)
            select md5(n::text)::uuid, gen_random_uuid(), 'charge-payment', case when open then 'REQUESTED' else 'CAPTURED' end,
              100, 'EUR', case when open then 0 else 100 end, case when not open then 'ch-' || n end,
              case when open then 'tok' end, open and n % 500 = 0,
              case when open then now() + (n - 20000) * interval '1 second' end, now()
            from (select n, n % 50 = 0 as open from generate_series(1, 200000) n) s""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", FILL, "analyze payments").forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsWhatIsDueInEachLane() {
        for (String suspect : List.of("false", "true")) {
            Plan take = plan(PaymentTable.TAKE, suspect, "now()", "50", "now() + interval '1 minute'");

            assertThat(take.indexes()).containsExactly("payments_due", "payments_pk");
            assertThat(take.steps()).doesNotContain("Seq Scan", "Sort");
        }
    }

    @Test
    void findsWhatIsOpen() {
        Plan due = plan(PaymentTable.FIND_DUE, "now()", "50");
        Plan count = plan(PaymentTable.COUNT);

        // Both lanes at once, while nobody can be asked: what is due has to be put in order.
        assertThat(due.indexes()).containsExactly("payments_due");
        assertThat(due.steps()).doesNotContain("Seq Scan");
        assertThat(count.indexes()).containsExactly("payments_due");
        assertThat(count.steps()).doesNotContain("Seq Scan");
    }

    @Test
    void findsThePaymentsOfABatch() {
        Plan lock = plan(PaymentTable.LOCK, "array[md5('1'), md5('2')]::uuid[]");

        assertThat(lock.indexes()).containsExactly("payments_pk");
        assertThat(lock.steps()).doesNotContain("Seq Scan");
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
