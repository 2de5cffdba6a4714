package caravan.saga.ops;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class DeadLettersTest {

    private static final String PATH = "/api/v1/ops/dead-letters";
    private static final String CARD = "tok_nobody_must_see";

    @Inject
    Pool pool;

    private final UUID saga = UUID.randomUUID();
    private BrokenSagas rows;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void begins() {
        rows = new BrokenSagas(pool);
        rows.forgetAll();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void forgets() {
        producer.close();
        rows.forgetAll();
    }

    @Test
    void keepsALetterWithWhereItCameFromAndWhy() {
        dies("charge-payment", "no JSON of a ChargePayment", Instant.now());

        String id = only();

        operator()
                .get(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("topic", equalTo(Topics.PAYMENT_COMMANDS))
                .body("partition", equalTo(3))
                .body("offset", equalTo(42))
                .body("attempts", equalTo(3))
                .body("cause", containsString("no JSON"))
                .body("consumer", equalTo("payment-service"))
                .body("messageId", equalTo(saga + ":charge-payment:do"))
                .body("sagaId", equalTo(saga.toString()))
                .body("state", equalTo("OPEN"))
                .body("traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"))
                .body("payload.orderId", equalTo(saga.toString()))
                .body("payload.cardToken", equalTo("(hidden)"));
    }

    /** Rebalances and restarts read the same records again. */
    @Test
    void keepsALetterOnceThatIsReadTwice() {
        var record = new ConsumerRecord<>("saga.replies.v1.dlq", 0, 7, "key", "x".getBytes(UTF_8));

        assertThat(Letter.of(record).id()).isEqualTo(Letter.of(record).id());
        assertThat(Letter.of(record).id())
                .isNotEqualTo(Letter.of(new ConsumerRecord<>("saga.replies.v1.dlq", 0, 8, "key", "x".getBytes(UTF_8)))
                        .id());
    }

    @Test
    void takesALetterThatSaysNothingAtAll() {
        var _ = producer.send(
                new ProducerRecord<>(Topics.deadLetters(Topics.SAGA_REPLIES), null, "\0not json".getBytes(UTF_8)));
        producer.flush();

        String id = only();

        operator()
                .get(PATH + "/" + id)
                .then()
                .statusCode(200)
                .body("topic", equalTo(Topics.SAGA_REPLIES))
                .body("cause", equalTo("unknown"))
                .body("payload.base64", notNullValue());
    }

    @Test
    void sendsALetterBackAsItWas() {
        dies("charge-payment", "a bug that is mended", Instant.now());
        String id = only();

        operator().noContentType().post(PATH + "/" + id + "/replay").then().statusCode(200);

        ConsumerRecord<String, byte[]> back = heard(Topics.PAYMENT_COMMANDS, 1).getFirst();
        assertThat(back.key()).isEqualTo(saga.toString());
        assertThat(header(back, "ce_id")).isEqualTo(saga + ":charge-payment:do");
        assertThat(header(back, "traceparent")).contains("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(back.headers()).noneMatch(header -> header.key().startsWith("dead-"));
        assertThat(new String(back.value(), UTF_8)).contains(CARD);
        await().atMost(10, SECONDS).until(() -> state(id).equals("REPLAYED"));
        operator().noContentType().post(PATH + "/" + id + "/replay").then().statusCode(409);
    }

    @Test
    void sendsTheLettersOfASagaBackInTheirOrder() {
        dies("charge-payment", "first", Instant.now());
        await().atMost(20, SECONDS).until(() -> open() == 1);
        dies("arrange-shipment", "second", Instant.now());
        await().atMost(20, SECONDS).until(() -> open() == 2);
        List<String> newestFirst = operator().get(PATH).then().extract().path("items.id");

        operator()
                .noContentType()
                .post(PATH + "/" + newestFirst.getFirst() + "/replay")
                .then()
                .statusCode(409)
                .body("detail", containsString("earlier"));
        operator()
                .noContentType()
                .post(PATH + "/replay?cause=second")
                .then()
                .statusCode(200)
                .body("matched", equalTo(1))
                .body("done", equalTo(0))
                .body("heldBack", equalTo(1));
        operator().noContentType().post(PATH + "/replay").then().statusCode(200).body("done", equalTo(2));

        assertThat(heard(Topics.PAYMENT_COMMANDS, 2))
                .extracting(record -> header(record, "ce_id"))
                .containsExactly(saga + ":charge-payment:do", saga + ":arrange-shipment:do");
    }

    @Test
    void countsBeforeItSends() {
        dies("charge-payment", "who knows", Instant.now());
        String id = only();

        operator()
                .noContentType()
                .post(PATH + "/replay?dryRun=true&topic=" + Topics.PAYMENT_COMMANDS)
                .then()
                .statusCode(200)
                .body("matched", equalTo(1))
                .body("dryRun", equalTo(true));
        operator()
                .noContentType()
                .post(PATH + "/replay?dryRun=true&topic=other")
                .then()
                .body("matched", equalTo(0));

        assertThat(state(id)).isEqualTo("OPEN");
    }

    @Test
    void discardsWithAReason() {
        dies("charge-payment", "nonsense", Instant.now());
        String id = only();

        operator().noContentType().post(PATH + "/" + id + "/discard").then().statusCode(422);
        operator()
                .contentType(ContentType.JSON)
                .body(Map.of("reason", "a test of ours"))
                .post(PATH + "/" + id + "/discard")
                .then()
                .statusCode(200)
                .body("state", equalTo("DISCARDED"))
                .body("reason", equalTo("a test of ours"));
        operator().get(PATH + "?state=OPEN").then().body("items", hasSize(0));
    }

    /** Its saga may be forgotten: to handle it now would do it a second time (rule 11). */
    @Test
    void doesNotSendBackWhatIsTooOld() {
        dies("charge-payment", "long ago", Instant.now().minus(Duration.ofDays(7)));
        String id = only();

        operator()
                .noContentType()
                .post(PATH + "/" + id + "/replay")
                .then()
                .statusCode(409)
                .body("detail", containsString("replay window"));
        operator().noContentType().post(PATH + "/replay").then().body("matched", equalTo(0));
    }

    /** Nothing at the participant would stop it: the undo that leaves a tombstone never came there. */
    @Test
    void doesNotSendBackAnActionWhoseUndoWasSkipped() {
        dies("charge-payment", "a bug", Instant.now());
        String id = only();
        rows.row("""
                insert into operator_orders (id, saga_id, step, verb, operator, ordered_at)
                values (gen_random_uuid(), $1, 'charge-payment', 'SKIP', 'somebody', now()) returning id""", saga);

        operator().noContentType().post(PATH + "/" + id + "/replay").then().statusCode(409);
        operator()
                .noContentType()
                .post(PATH + "/replay")
                .then()
                .body("matched", equalTo(1))
                .body("done", equalTo(0));
    }

    @Test
    void isForOperatorsAlone() {
        given().get(PATH).then().statusCode(401);
        given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "orders:write"))
                .post(PATH + "/replay")
                .then()
                .statusCode(403);
    }

    /** As a service puts it aside. */
    private void dies(String step, String cause, Instant said) {
        ProducerRecord<String, byte[]> letter = new ProducerRecord<>(
                Topics.deadLetters(Topics.PAYMENT_COMMANDS),
                saga.toString(),
                "{\"orderId\":\"%s\",\"cardToken\":\"%s\"}"
                        .formatted(saga, CARD)
                        .getBytes(UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        saga + ":" + step + ":do",
                        "ce_type",
                        step,
                        "ce_source",
                        "saga-orchestrator",
                        "ce_time",
                        said.toString(),
                        "traceparent",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
                .forEach((name, value) -> letter.headers().add(name, value.getBytes(UTF_8)));
        Map.of(
                        "cause", cause,
                        "attempts", "3",
                        "topic", Topics.PAYMENT_COMMANDS,
                        "partition", "3",
                        "offset", "42",
                        "consumer", "payment-service",
                        "at", Instant.now().toString())
                .forEach((name, value) -> letter.headers().add("dead-" + name, value.getBytes(UTF_8)));
        var _ = producer.send(letter);
        producer.flush();
    }

    private long open() {
        return rows.count("select count(*) from dead_letters where state = 'OPEN'");
    }

    private String only() {
        await().atMost(20, SECONDS).until(() -> open() == 1);
        return rows.row("select id::text from dead_letters").getString(0);
    }

    private String state(String id) {
        return rows.row("select state from dead_letters where id = $1", UUID.fromString(id))
                .getString(0);
    }

    /** What lies there of this test's saga. */
    private List<ConsumerRecord<String, byte[]>> heard(String topic, int atLeast) {
        List<ConsumerRecord<String, byte[]>> mine = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", brokers(),
                        "group.id", UUID.randomUUID().toString(),
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(20, SECONDS).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (saga.toString().equals(record.key())) {
                        mine.add(record);
                    }
                });
                return mine.size() >= atLeast;
            });
        }
        return mine;
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static String brokers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "ops"));
    }
}
