package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages are found by index among 200,000 that wait and 200,000 that were answered. */
class MessageIndexesTest {

    private static final String FILL_OUTBOX = """
            insert into outbox (topic, key, envelope, body)
            select 'order.events.v1', n::text, '{}', '\\x' from generate_series(1, 200000) n""";

    /** Four for each saga. */
    private static final String FILL_INBOX = """
            insert into inbox (saga_id, step, undo, reply_type, reply, received_at)
            select md5((n / 4)::text)::uuid, 'step-' || n % 4 / 2, n % 2 = 1, 'refused', '{}', now()
            from generate_series(0, 199999) n""";

    private static final String TWO_SAGAS = "array[md5('1'), md5('2')]";
    private static final String TWO_STEPS = "array['step-0', 'step-1']";

    private final Pool pool = Servers.pool(1);
    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() throws IOException {
        Servers.migrate(pool, "outbox", "/db/outbox/V0_2__outbox.sql");
        Servers.migrate(pool, "inbox", "/db/inbox/V0_1__inbox.sql");
        connection = pool.getConnection().await().atMost(Servers.BOUND);
        List.of("begin", FILL_OUTBOX, FILL_INBOX, "analyze outbox", "analyze inbox")
                .forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(Servers.BOUND);
        pool.close().await().atMost(Servers.BOUND);
    }

    /** What was sent is deleted: the oldest rows are those to be sent, and the key of the table is all that it takes. */
    @Test
    void takesWhatIsToBeSentInItsOrder() {
        Plan take = plan(OutboxRelay.TAKE, "500");
        Plan delete = plan(OutboxRelay.DELETE, "array[1, 2, 3]");

        assertThat(take.indexes()).containsExactly("outbox_pk");
        assertThat(take.steps()).doesNotContain("Seq Scan", "Sort");
        assertThat(delete.indexes()).containsExactly("outbox_pk");
        assertThat(delete.steps()).doesNotContain("Seq Scan");
    }

    /** Cut off, so that a look costs the same however many wait. */
    @Test
    void looksAtTheOutboxAlongItsKey() {
        Plan look = plan(OutboxMetrics.LOOK);

        assertThat(look.indexes()).containsExactly("outbox_pk");
        assertThat(look.steps()).doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void findsWhatWasAnsweredAlready() {
        Plan load = plan(Inbox.LOAD, TWO_SAGAS, TWO_STEPS, "array[false, true]");
        Plan answer = plan(
                Inbox.ANSWER,
                TWO_SAGAS,
                TWO_STEPS,
                "array[false, true]",
                "array['refused', 'refused']",
                "array['', '']");

        assertThat(List.of(load, answer)).allSatisfy(plan -> {
            assertThat(plan.indexes()).containsExactly("inbox_pk");
            assertThat(plan.steps()).doesNotContain("Seq Scan", "Sort");
        });
    }

    @Test
    void findsWhatIsToBeForgotten() {
        Plan forget = plan(Retention.FORGET, TWO_SAGAS + "::uuid[]");

        assertThat(forget.indexes()).containsExactly("inbox_pk");
        assertThat(forget.steps()).doesNotContain("Seq Scan");
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
                .atMost(Servers.BOUND)
                .iterator()
                .next()
                .getJsonArray(0));
    }

    private void run(String sql) {
        connection.query(sql).execute().await().atMost(Servers.BOUND);
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
