package caravan.shipment;

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

/** What waits for the carrier is found among 200,000 parcels without looking at those that have left. */
@QuarkusTest
@WithTestResource(Backends.class)
class ShipmentIndexesTest {

    private static final Duration BOUND = Duration.ofSeconds(60);

    /** One in a hundred waits. */
    private static final String FILL = """
            insert into shipments (order_id, carrier, tracking_number, state, address, arranged_at, dispatched_at)
            select md5(n::text)::uuid, 'Caravan', n::text, case when n % 100 = 0 then 'ARRANGED' else 'DISPATCHED' end, '{}',
              now() - n * interval '1 second', case when n % 100 <> 0 then now() end
            from generate_series(1, 200000) n""";

    @Inject
    Pool pool;

    private SqlConnection connection;

    /** In a transaction that is rolled back: other tests of this database see nothing of it. */
    @BeforeEach
    void fills() {
        connection = pool.getConnection().await().atMost(BOUND);
        List.of("begin", FILL, "analyze shipments").forEach(this::run);
    }

    @AfterEach
    void leavesNothing() {
        run("rollback");
        connection.close().await().atMost(BOUND);
    }

    @Test
    void findsWhatWaitsForTheCarrier() {
        Plan dispatch = plan(ShipmentStore.DISPATCH, "now() - interval '1 minute'", "200");

        assertThat(dispatch.indexes()).containsExactly("shipments_pk", "shipments_waiting");
        assertThat(dispatch.steps()).doesNotContain("Seq Scan", "Sort");
    }

    @Test
    void findsTheParcelsOfABatch() {
        Plan cancel = plan(ShipmentStore.CANCEL, "array[md5('1'), md5('2')]::uuid[]");

        assertThat(cancel.indexes()).contains("shipments_order_uq");
        assertThat(cancel.steps()).doesNotContain("Seq Scan");
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
