package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Each index serves the query it is there for, without a sort, on a table that has something in it. */
@QuarkusTest
@WithTestResource(Backends.class)
class OrderIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final String FILL = """
            insert into order_views
              (order_id, customer_id, status, sequence, version, created_at, started, announced_at, document)
            select gen_random_uuid(), md5((n % 50)::text)::uuid, case when n % 10 = 7 then 'REJECTED' when n % 100 = 8 then 'PAID' else 'APPROVED' end,
              1, 1, now() - n * interval '1 second', n % 1000 <> 0, now() - n * interval '1 second', '{}'
            from generate_series(1, 200000) n""";

    private static final String FILL_ORDERS = """
            insert into orders (id, customer_id, customer_name, customer_email, status, total_minor, currency, card_token,
              recipient, line1, city, postal_code, country, placed_at, cancel_requested_at, cancel_said_at)
            select gen_random_uuid(), gen_random_uuid(), 'Ada', 'ada@example.com', 'APPROVED', 1, 'EUR', 'tok', 'Ada', '1 Way',
              'London', 'N1', 'GB', now(), now(), case when n % 100 = 0 then now() - n * interval '1 second' end
            from generate_series(1, 200000) n""";

    private static final String FILL_KEYS = """
            insert into idempotency_keys (customer_id, route, key, body_hash, order_id, answer)
            select md5((n % 50)::text)::uuid, 'POST /api/v1/orders', 'key-' || n, 'hash', gen_random_uuid(), '{}'
            from generate_series(1, 200000) n""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    @Test
    void serveTheQueriesTheyAreThereFor() {
        String customer = "md5('7')::uuid";
        String last = "md5('last')::uuid";
        String list = plan(ViewReads.LIST.onPrimary(), customer, "now()", last, "21");
        String listOnReplica = plan(ViewReads.LIST.onReplica(), customer, "now()", last, "21", "'0/0'");
        String ended = plan(ViewReads.LIST_ENDED.onPrimary(), customer, "now()", last, "21", "'REJECTED'");
        String endedOnReplica =
                plan(ViewReads.LIST_ENDED.onReplica(), customer, "now()", last, "21", "'REJECTED'", "'0/0'");
        String open = plan(ViewReads.LIST_OPEN.onPrimary(), customer, "now()", last, "21", "'PAID'");
        String find = plan(ViewReads.FIND.onReplica(), "md5('7')::uuid", customer, "'0/0'");
        String sweep =
                plan(OrderSweeper.TAKE, "now() - interval '30 seconds'", "200", "now()", "now() - interval '6 days'");

        String watch = plan(ViewStore.NEWER, "array[md5('7')::uuid]", "array[1]");
        String unclaimed = plan(AuditResource.UNCLAIMED, "900");
        String cancelling = plan(StandingRows.TAKE, "now() - interval '30 seconds'", "50", "now()");

        assertThat(list).contains("order_views_by_customer").doesNotContain("Sort");
        // A node that does not have it yet looks at no row.
        assertThat(listOnReplica)
                .contains("order_views_by_customer", "One-Time Filter")
                .doesNotContain("Sort");
        assertThat(ended).contains("order_views_ended").doesNotContain("Sort");
        assertThat(endedOnReplica)
                .contains("order_views_ended", "One-Time Filter")
                .doesNotContain("Sort");
        assertThat(find).contains("order_views_pk", "One-Time Filter");
        // Few are open at a time: sorting them is all right.
        assertThat(open).contains("order_views_open").doesNotContain("Seq Scan");
        assertThat(watch).contains("order_views_pk").doesNotContain("Seq Scan");
        assertThat(sweep)
                .contains("order_views_unstarted")
                .doesNotContain("Seq Scan")
                .doesNotContain("Sort");
        assertThat(unclaimed)
                .contains("order_views_unstarted")
                .doesNotContain("Seq Scan")
                .doesNotContain("Sort");
        assertThat(cancelling).contains("orders_cancelling").doesNotContain("Sort");
    }

    @Test
    void findAKeyAmongThoseOfItsCaller() {
        String again = plan(
                AcceptStore.TAKEN_KEYS,
                "'POST /api/v1/orders'",
                "array[md5('7')::uuid, md5('8')::uuid]",
                "array['key-7', 'key-8']");
        String cancelling = plan(CancelStore.TAKEN_KEY, "md5('7')::uuid", "'POST /api/v1/orders'", "'key-7'");

        assertThat(again).contains("idempotency_keys_pk").doesNotContain("Seq Scan");
        assertThat(cancelling).contains("idempotency_keys_pk").doesNotContain("Seq Scan");
    }

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fill() {
        connection = pool.getConnection().await().atMost(BOUND);
        for (String before : List.of(
                "begin",
                FILL,
                FILL_ORDERS,
                FILL_KEYS,
                "analyze order_views",
                "analyze orders",
                "analyze idempotency_keys")) {
            connection.query(before).execute().await().atMost(BOUND);
        }
    }

    @AfterEach
    void empty() {
        connection.query("rollback").execute().await().atMost(BOUND);
        connection.close().await().atMost(BOUND);
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
}
