package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
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

/** Low stock is found among 200,000 products, and costs the orders nothing. */
@QuarkusTest
@WithTestResource(Backends.class)
class StockIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Otherwise each row of stock would look for its product: seconds of work for nothing that is asked here. */
    private static final String UNCHECKED = "set local session_replication_role = replica";

    private static final String FILL_PRODUCTS = """
            insert into products (sku, name, description, price_minor, currency, tags, version, updated_at)
            select 'ROW-' || n, 'A thing', '', 100, 'EUR', '{}', 1, now() from generate_series(1, 200000) n""";

    /** One in five hundred is low. */
    private static final String FILL = """
            insert into stock (sku, on_hand, updated_at)
            select 'ROW-' || n, case when n % 500 = 0 then n % 10 else 50 end, now() from generate_series(1, 200000) n""";

    /** As a batch of orders does: one piece each of a thousand products, none of which gets low. */
    private static final String SELL = """
            update stock set on_hand = on_hand - 1, reserved = reserved + 1, updated_at = now()
            where sku in (select 'ROW-' || n * 100 + 1 from generate_series(1, 1000) n)""";

    private static final String UPDATES =
            "select n_tup_upd, n_tup_hot_upd from pg_stat_xact_user_tables where relname = 'stock'";

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private SqlConnection connection;

    /** The server adds what earlier transactions of the connection did and it has not yet reported. */
    private Updates before;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", UNCHECKED, FILL_PRODUCTS, FILL, "analyze stock").forEach(this::run);
        before = counted();
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsWhatIsLow() {
        Plan low = plan(InventoryMetrics.LOW);

        assertThat(low.indexes()).containsExactly("stock_low");
        assertThat(low.steps()).doesNotContain("Seq Scan");
    }

    /** The seed has a product that is sold out. */
    @Test
    void tellsHowManyAreLow() {
        await().atMost(BOUND).until(() -> meters.get("stock.low").gauge().value() >= 1);
    }

    /** Heap-only: the new version of a row lies beside the old one, and no index hears of it. */
    @Test
    void leavesIndexesAloneWhenPiecesGo() {
        run(SELL);

        assertThat(updates()).isEqualTo(new Updates(1000, 1000));
    }

    @Test
    void writesToThemWhenAProductGetsLow() {
        run("update stock set on_hand = 9 where sku = 'ROW-1'");
        run("update stock set on_hand = 8 where sku = 'ROW-1'");
        run("update stock set on_hand = 10 where sku = 'ROW-1'");

        assertThat(updates()).isEqualTo(new Updates(3, 1));
    }

    /** Why it is a column of its own. */
    @Test
    void wouldWriteToThemWithEveryOrderIfTheyKnewTheNumber() {
        run("create index stock_almost_low on stock (sku) where on_hand < 10");

        run(SELL);

        assertThat(updates()).isEqualTo(new Updates(1000, 0));
    }

    private record Updates(long all, long heapOnly) {

        Updates since(Updates other) {
            return new Updates(all - other.all, heapOnly - other.heapOnly);
        }
    }

    private Updates updates() {
        return counted().since(before);
    }

    private Updates counted() {
        Row row = connection
                .query(UPDATES)
                .execute()
                .await()
                .atMost(BOUND)
                .iterator()
                .next();
        return new Updates(row.getLong(0), row.getLong(1));
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
