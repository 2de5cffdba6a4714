package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What customers see of their orders is lost, and comes back from what the sagas have said. The second removes what the first reads. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildScenarioIT {

    private static final String PATH = "/api/v1/ops/views/rebuild";
    private static final String SAGA_EVENTS = "saga.events.v1";

    private final Shop customer = Shop.register(TheFleet.gateway());
    private final Shop operator =
            Shop.login(TheFleet.gateway(), TheFleet.get().credentials().operator());

    @Test
    @Order(1)
    void showsEveryOrderAsItWas() throws SQLException {
        Map<UUID, String> before = new LinkedHashMap<>();
        for (String card : List.of("tok_ok", "tok_declined", "tok_flaky", "tok_ok", "tok_ok")) {
            before.put(customer.place(Shop.order(customer.sku(), 1, "GB", card)), "");
        }
        before.put(customer.place(Shop.order("SOLD-OUT", 1, "GB", "tok_ok")), "");
        List<UUID> orders = List.copyOf(before.keySet());
        cancel(orders.get(3));
        orders.forEach(customer::awaitEnd);
        cancel(orders.get(4));
        await().atMost(30, SECONDS)
                .until(() -> customer.view(orders.get(4)).getString("status").equals("CANCELLED"));
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
        before.replaceAll((order, _) -> document(order));

        for (int i = 0; i < orders.size(); i += 2) {
            update("delete from order_views where order_id = '%s'", orders.get(i));
            update(
                    "update order_views set status = 'PENDING', document = '{}' where order_id = '%s'",
                    orders.get(i + 1));
        }
        JsonObject end = rebuild();

        assertThat(end.getString("state")).isEqualTo("DONE");
        assertThat(end.getJsonObject("progress").getInteger("mended")).isGreaterThanOrEqualTo(orders.size());
        before.forEach((order, document) -> assertThat(document(order)).isEqualTo(document));
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
    }

    /** The topics keep the beginning of an order and not the rest: half a story is worse than none. */
    @Test
    @Order(2)
    void makesNothingUpOfWhatIsLeftOfAnOldOrder() throws Exception {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_ok"));
        customer.awaitEnd(order);
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
        forgetSagaEvents();
        update("create table kept_view as select * from order_views where order_id = '%s'", order);
        update("delete from order_views where order_id = '%s'", order);

        JsonObject end = rebuild();

        HttpResponse<String> shown = customer.get("/api/v1/orders/" + order);
        update("""
                insert into order_views (order_id, customer_id, status, sequence, version, created_at, started, announced_at, document)
                select order_id, customer_id, status, sequence, version, created_at, started, announced_at, document
                from kept_view where order_id = '%s'""", order);
        update("drop table kept_view", order);
        assertThat(end.getString("state")).isEqualTo("DONE");
        assertThat(shown.statusCode()).isEqualTo(404);
        assertThat(customer.view(order).getString("status")).isEqualTo("APPROVED");
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
    }

    private static void forgetSagaEvents() throws Exception {
        Map<String, Object> to = Map.of("bootstrap.servers", TheFleet.get().bootstrapServers());
        try (Admin admin = Admin.create(to)) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            admin.describeTopics(List.of(SAGA_EVENTS))
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> topic.partitions()
                            .forEach(p -> ends.put(new TopicPartition(name, p.partition()), OffsetSpec.latest())));
            Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
            admin.listOffsets(ends)
                    .all()
                    .get()
                    .forEach((partition, end) -> before.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(before).all().get();
        }
    }

    private JsonObject rebuild() {
        assertThat(operator.send(operator.to(PATH).POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(202);
        return await().atMost(60, SECONDS)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> new JsonObject(operator.get(PATH).body()),
                        rebuild -> !rebuild.getString("state").equals("RUNNING"));
    }

    private void cancel(UUID order) {
        HttpResponse<String> answer = customer.send(customer.to("/api/v1/orders/" + order + "/cancel")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(202);
    }

    private String document(UUID order) {
        return customer.get("/api/v1/orders/" + order).body();
    }

    private static void update(String sql, UUID order) throws SQLException {
        try (var connection = DriverManager.getConnection(TheFleet.get().jdbcUrl("orders"), "caravan", "caravan");
                var statement = connection.createStatement()) {
            statement.execute(sql.formatted(order));
        }
    }
}
