package caravan.saga.ops;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class FleetFiguresTest {

    private static final String PATH = "/api/v1/ops/fleet";
    private static final Duration BOUND = Duration.ofSeconds(60);

    @Inject
    Pool pool;

    private BrokenSagas sagas;

    @BeforeEach
    void begins() {
        sagas = new BrokenSagas(pool);
        sagas.forgetAll();
    }

    @AfterEach
    void forgets() {
        sagas.forgetAll();
    }

    @Test
    void countsWhatIsOpenAndWhatWaitsForSomebody() {
        sagas.are(3, "STUCK", "charge-payment");
        sagas.are(2, "RUNNING", "reserve-stock");
        sagas.are(1, "UNDOING", "reserve-stock");

        look("").body("figures.sagas.open.place-order", equalTo(3))
                .body("figures.sagas.stuck", equalTo(3))
                .body("figures.sagas.orphans", equalTo(0))
                .body("figures.deadLetters.open", equalTo(0));
    }

    /** They are made as if they had begun ten minutes before they end. */
    @Test
    void tellsHowManyEndedAndHowLongTheyTook() {
        look("").body("figures.lastMinute.ended", equalTo(0)).body("figures.lastMinute", not(hasKey("p50Ms")));
        sagas.are(5, "COMPLETED", null);
        sagas.are(1, "COMPENSATED", null);

        JsonPath seen = look("").body("figures.lastMinute.ended", equalTo(6))
                .body("figures.lastMinute.p50Ms", equalTo(600_000))
                .body("figures.lastMinute.p99Ms", equalTo(600_000))
                .extract()
                .jsonPath();

        assertThat(seen.getDouble("figures.lastMinute.endedPerSecond")).isBetween(0.099, 0.101);
        assertThat(seen.getList("figures.pace.ended", Long.class).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isGreaterThanOrEqualTo(6);
        assertThat(seen.getList("figures.pace.undone", Long.class)).contains(1L);
    }

    @Test
    void tellsWhichHaveMovedSinceTheLastLook() {
        UUID saga = sagas.is("STUCK", "charge-payment");
        String before = Instant.now().minusSeconds(30).toString();
        String after = Instant.now().plusSeconds(30).toString();

        look("?since=" + before)
                .body("changes.items", hasSize(1))
                .body("changes.items[0].id", equalTo(saga.toString()))
                .body("changes.items[0].phase", equalTo("STUCK"))
                .body("changes.items[0].version", equalTo(7))
                .body("changes.more", equalTo(false));
        look("?since=" + after).body("changes.items", hasSize(0));
        look("").body("$", not(hasKey("changes")));

        sagas.are(60, "RUNNING", "reserve-stock");
        look("?since=" + before).body("changes.items", hasSize(50)).body("changes.more", equalTo(true));
    }

    @Test
    void tellsWhatAGroupHasLeftToReadAlsoWhenNobodyReads() throws Exception {
        String group = "nobody-" + UUID.randomUUID();
        leavesToRead(group);

        await().atMost(30, SECONDS).untilAsserted(() -> {
            JsonPath seen = look("").extract().jsonPath();
            assertThat(seen.<Integer>get("lags.items.find { it.group == '" + group + "' }.records"))
                    .isEqualTo(2);
            assertThat(seen.<Integer>get("lags.items.find { it.group == '" + group + "' }.members"))
                    .isZero();
            assertThat(seen.<String>get("lags.items.find { it.members > 0 }.group"))
                    .isEqualTo("saga-orchestrator");
        });
    }

    @Test
    void isForOperatorsAlone() {
        given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "orders:read"))
                .get(PATH)
                .then()
                .statusCode(403);
        given().get(PATH).then().statusCode(401);
    }

    @Test
    void refusesATimeThatIsNone() {
        operator("?since=yesterday").statusCode(400);
    }

    /** Looked at each two seconds while somebody watches, among all that a week leaves. */
    @Test
    void readsByIndexAlone() {
        SqlConnection connection = pool.getConnection().await().atMost(BOUND);
        try {
            run(connection, "begin");
            run(connection, """
                    insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at, due_at, check_at, data)
                    select gen_random_uuid(), gen_random_uuid(), (select min(id) from saga_definitions),
                      case when n % 200 = 0 then 'RUNNING' when n % 1000 = 1 then 'STUCK' else 'COMPLETED' end,
                      case when n % 200 = 0 or n % 1000 = 1 then 'reserve-stock' end, 1, 1, now() - n * interval '5 seconds', now() - n * interval '5 seconds',
                      case when n % 200 = 0 then now() end, case when n % 200 = 0 then now() end, '{}'
                    from generate_series(1, 100000) n""");
            run(connection, "analyze sagas");

            assertThat(plan(connection, FleetReads.BY_TEN_SECONDS))
                    .contains("sagas_ended")
                    .doesNotContain("Seq Scan");
            assertThat(plan(connection, FleetReads.LAST_MINUTE))
                    .contains("sagas_ended")
                    .doesNotContain("Seq Scan");
            assertThat(plan(connection, FleetReads.CHANGES))
                    .contains("sagas_ended", "sagas_stuck", "sagas_check_at")
                    .doesNotContain("Seq Scan");
        } finally {
            run(connection, "rollback");
            connection.close().await().atMost(BOUND);
        }
    }

    private static String plan(SqlConnection connection, String sql) {
        List<String> lines = new ArrayList<>();
        connection
                .query("explain " + sql.replace("$1", "now() - interval '1 minute'"))
                .execute()
                .await()
                .atMost(BOUND)
                .forEach(row -> lines.add(row.getString(0)));
        return String.join("\n", lines);
    }

    private static void run(SqlConnection connection, String sql) {
        connection.query(sql).execute().await().atMost(BOUND);
    }

    /** Three records, the first of them committed. Here nobody else reads or writes the topic. */
    private static void leavesToRead(String group) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers()), new StringSerializer(), new StringSerializer());
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", brokers(), "group.id", group),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            long first = producer.send(new ProducerRecord<>(Topics.SAGA_RETENTION, 0, "key", "1"))
                    .get()
                    .offset();
            producer.send(new ProducerRecord<>(Topics.SAGA_RETENTION, 0, "key", "2"))
                    .get();
            producer.send(new ProducerRecord<>(Topics.SAGA_RETENTION, 0, "key", "3"))
                    .get();
            consumer.commitSync(Map.of(new TopicPartition(Topics.SAGA_RETENTION, 0), new OffsetAndMetadata(first + 1)));
        }
    }

    private static String brokers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }

    private static ValidatableResponse look(String query) {
        return operator(query).statusCode(200);
    }

    private static ValidatableResponse operator(String query) {
        return given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "ops"))
                .get(PATH + query)
                .then();
    }
}
