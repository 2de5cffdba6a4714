package caravan.saga.runtime;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Address;
import caravan.common.contract.Command;
import caravan.common.contract.Customer;
import caravan.common.contract.Failure;
import caravan.common.contract.InventoryCommand;
import caravan.common.contract.Message;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PaymentCommand;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import caravan.fleet.testing.Strangers;
import caravan.saga.cancelorder.CancelOrder;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(SagaRunnerTest.Impatient.class)
class SagaRunnerTest {

    /** Deadlines of a second, so that silence is noticed within a test. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.saga.sweep-every", "100ms",
                    "caravan.saga.place-order.answer", "1s",
                    "caravan.saga.place-order.finish", "1s",
                    "caravan.saga.place-order.undo", "1s",
                    "caravan.saga.place-order.backoff-cap", "1s");
        }
    }

    private static final String BEGUN_BY_A_NEWER_BUILD = """
            with newer as (
              insert into saga_definitions (name, hash) values ('place-order', 'newer')
              on conflict (name, hash) do update set name = excluded.name returning id)
            update sagas set definition_id = newer.id, attempt = 1, version = 1 from newer where sagas.id = $1""";

    private static final String OVERDUE = """
            update sagas set due_at = now() - interval '1 minute', check_at = now() - interval '1 minute' where id = $1""";

    private static final String BEGUN_BY_THIS_BUILD = """
            update sagas set definition_id = (
              select min(id) from saga_definitions where name = 'place-order' and length(hash) = 64)
            where id = $1""";

    private static final String PLACE_ORDER = "saga=\"place-order\"";
    private static final String STEP = "saga_step_duration_seconds_count";
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final TraceContext TRACE = new TraceContext("00-" + TRACE_ID + "-00f067aa0ba902b7-01", null, null);

    @Inject
    Pool pool;

    private final UUID order = UUID.randomUUID();
    private Wire wire;

    @BeforeEach
    void listens() {
        wire = new Wire(
                ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class),
                Topics.ORDER_COMMANDS,
                Topics.INVENTORY_COMMANDS,
                Topics.PAYMENT_COMMANDS,
                Topics.SHIPMENT_COMMANDS,
                Topics.NOTIFICATION_COMMANDS,
                Topics.SAGA_EVENTS,
                Topics.deadLetters(Topics.SAGA_REPLIES));
    }

    @AfterEach
    void hangsUp() {
        wire.close();
    }

    @Test
    void carriesAnOrderToItsConfirmation() {
        wire.answering(SagaRunnerTest::success);

        wire.say(placed(order));

        awaitPhase("COMPLETED");
        assertThat(commands())
                .containsExactly(
                        "reserve-stock", "charge-payment", "arrange-shipment", "approve-order", "send-confirmation");
        assertThat(events()).extracting(SagaAdvanced::sequence).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(wire.heard(order))
                .allSatisfy(r -> assertThat(r.envelope().trace().traceparent()).contains(TRACE_ID));
    }

    @Test
    void undoesEverythingWhenTheAddressIsUndeliverable() {
        wire.say(placed(order));

        answer("reserve-stock", Direction.DO, new Reply.StockReserved());
        answer("charge-payment", Direction.DO, new Reply.PaymentCharged("ch_1", eur(100)));
        answer("arrange-shipment", Direction.DO, new Reply.AddressUndeliverable("AQ"));
        answer("charge-payment", Direction.UNDO, new Reply.PaymentRefunded());
        answer("reserve-stock", Direction.UNDO, new Reply.StockReleased());
        answer("order-placed", Direction.UNDO, new Reply.OrderRejected());

        awaitPhase("COMPENSATED");
        assertThat(commands())
                .containsExactly(
                        "reserve-stock",
                        "charge-payment",
                        "arrange-shipment",
                        "refund-payment",
                        "release-stock",
                        "reject-order");
        SagaAdvanced last = events().getLast();
        assertThat(last.phase()).isEqualTo(SagaAdvanced.Phase.COMPENSATED);
        assertThat(last.failure()).isNotNull().returns("address-undeliverable", f -> f.code());
    }

    @Test
    void countsAndTimesASagaAndItsStepsByWhatBecameOfThem() {
        Meters before = Meters.here();

        wire.say(placed(order));
        answer("reserve-stock", Direction.DO, new Reply.StockReserved());
        answer("charge-payment", Direction.DO, new Reply.CardDeclined("no funds"));
        answer("reserve-stock", Direction.UNDO, new Reply.StockReleased());
        answer("order-placed", Direction.UNDO, new Reply.OrderRejected());
        awaitPhase("COMPENSATED");

        await().atMost(20, SECONDS).untilAsserted(() -> {
            Meters after = Meters.here();
            assertThat(grown(before, after, "saga_started_total")).isEqualTo(1);
            assertThat(grown(before, after, "saga_finished_total", "outcome=\"compensated\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, "saga_duration_seconds_count", "outcome=\"compensated\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, STEP, "step=\"reserve-stock\"", "outcome=\"done\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, STEP, "step=\"charge-payment\"", "outcome=\"rejected\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, STEP, "step=\"reserve-stock\"", "outcome=\"undone\""))
                    .isEqualTo(1);
        });
        assertThat(Meters.here().has("saga_step_duration_seconds_bucket", "le=\"0.1\""))
                .isTrue();
        assertThat(Meters.here().has("saga_duration_seconds_bucket", "le=\"60.0\""))
                .isTrue();
    }

    /** An exemplar of OpenMetrics. */
    @Test
    void leadsFromTheBucketOfASagaToItsTrace() {
        wire.answering(SagaRunnerTest::success);

        wire.say(placed(order));

        String metrics = "http://localhost:"
                + ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class) + "/q/metrics";
        await().atMost(30, SECONDS)
                .untilAsserted(() -> assertThat(given().accept("application/openmetrics-text,*/*")
                                .get(metrics)
                                .asString()
                                .lines())
                        .anyMatch(line -> line.startsWith("saga_duration_seconds_bucket")
                                && line.contains("# {")
                                && line.contains(TRACE_ID)));
    }

    @Test
    void saysHowManySagasOfAKindAreOpen() {
        wire.say(placed(order));
        awaitCommand("reserve-stock:do", 1);

        await().atMost(20, SECONDS)
                .untilAsserted(() ->
                        assertThat(Meters.here().sum("saga_open", PLACE_ORDER)).isPositive());
        assertThat(Meters.here().has("saga_open", "saga=\"cancel-order\"")).isTrue();
    }

    @Test
    void whatStrangersMakeUpAddsNoSeries() {
        bother(new Strangers(1));
        Meters before = Meters.here();

        bother(new Strangers(2));

        assertThat(Meters.here().since(before)).isEmpty();
        assertThat(Meters.here().foreignLabels()).isEmpty();
    }

    private static void bother(Strangers strangers) {
        strangers.ask("http://localhost:" + RestAssured.port, List.of("/internal/load", "/internal/{id}"), 6);
        for (String topic : List.of(Topics.ORDER_EVENTS, Topics.SAGA_REPLIES)) {
            double dead = Meters.here().sum("messages_total", "topic=\"" + topic + "\"", "outcome=\"dead\"");
            strangers.send(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class), topic, 10);
            await().atMost(20, SECONDS)
                    .until(() -> Meters.here().sum("messages_total", "topic=\"" + topic + "\"", "outcome=\"dead\"")
                            >= dead + 10);
        }
    }

    private static double grown(Meters before, Meters after, String name, String... labels) {
        String[] all = java.util.Arrays.copyOf(labels, labels.length + 1);
        all[labels.length] = PLACE_ORDER;
        return after.sum(name, all) - before.sum(name, all);
    }

    @Test
    void sendsCommandAndEventAgainWhenTheirCauseIsRedelivered() {
        wire.say(placed(order));
        Outgoing reply = reply("reserve-stock", Direction.DO, new Reply.StockReserved());
        awaitCommand("reserve-stock:do", 1);
        wire.say(reply);
        awaitCommand("charge-payment:do", 1);

        wire.say(reply);

        awaitCommand("charge-payment:do", 2);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(events())
                        .filteredOn(e -> e.step().equals("reserve-stock") && e.what() == SagaAdvanced.What.DONE)
                        .hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void startsOneSagaOnlyWhenTheOrderIsToldTwice() {
        wire.say(placed(order), placed(order));
        awaitCommand("reserve-stock:do", 2);

        wire.answering(SagaRunnerTest::success);
        wire.say(reply("reserve-stock", Direction.DO, new Reply.StockReserved()));

        awaitPhase("COMPLETED");
        assertThat(count("select count(*) from saga_steps where saga_id = $1 and sequence = 1"))
                .isEqualTo(1);
    }

    @Test
    void asksAgainAndUndoesTheSilentStepToo() {
        wire.say(placed(order));

        awaitCommand("reserve-stock:do", 4);
        answer("reserve-stock", Direction.UNDO, new Reply.StockReleased());
        answer("order-placed", Direction.UNDO, new Reply.OrderRejected());

        awaitPhase("COMPENSATED");
        assertThat(events().getLast().failure()).isNotNull().returns("timed-out", f -> f.code());
    }

    /** The first look comes when the first step's deadline would have passed, and finds the saga further on. */
    @Test
    void asksAgainAtTheDeadlineOfALaterStep() {
        wire.say(placed(order));
        answer("reserve-stock", Direction.DO, new Reply.StockReserved());

        awaitCommand("charge-payment:do", 2);

        await().atMost(20, SECONDS)
                .until(() ->
                        count("select count(*) from sagas where id = $1 and check_at = due_at and attempt > 0") == 1);
    }

    @Test
    void takesStepsWithoutAWriteToAnIndex() {
        long before = updatesInPlace();
        wire.answering(SagaRunnerTest::success);

        wire.say(placed(order));
        awaitPhase("COMPLETED");

        // Five steps; the last takes the saga out of the index of open ones. PostgreSQL counts up to a second late.
        await().atMost(20, SECONDS).until(() -> updatesInPlace() >= before + 4);
    }

    @Test
    void turnsRoundWhenTheCustomerCancelsInTime() {
        wire.say(placed(order));
        answer("reserve-stock", Direction.DO, new Reply.StockReserved());
        awaitCommand("charge-payment:do", 1);

        wire.say(cancelled(order, false));

        answer("charge-payment", Direction.UNDO, new Reply.PaymentRefunded());
        answer("reserve-stock", Direction.UNDO, new Reply.StockReleased());
        answer("order-placed", Direction.UNDO, new Reply.OrderRejected());
        awaitPhase("COMPENSATED");
        assertThat(events()).extracting(SagaAdvanced::what).contains(SagaAdvanced.What.CANCELLED);
        assertThat(events().getLast().failure())
                .isEqualTo(new Failure(Failure.CANCELLED, "the customer cancelled: found it cheaper"));
    }

    @Test
    void sendsTheUndoAndTheEventAgainWhenTheCancelIsRedelivered() {
        wire.say(placed(order));
        awaitCommand("reserve-stock:do", 1);
        wire.say(cancelled(order, false));
        awaitCommand("reserve-stock:undo", 1);

        wire.say(cancelled(order, false));

        awaitCommand("reserve-stock:undo", 2);
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(events())
                        .filteredOn(e -> e.what() == SagaAdvanced.What.CANCELLED)
                        .hasSizeGreaterThanOrEqualTo(2)
                        .extracting(SagaAdvanced::sequence)
                        .containsOnly(2));
    }

    @Test
    void cancelsAnApprovedOrderInASagaOfItsOwn() {
        UUID cancelling = CancelOrder.sagaOf(order);
        wire.answering(SagaRunnerTest::success);
        wire.say(placed(order));
        awaitPhase("COMPLETED");

        wire.say(cancelled(order, true), cancelled(order, true));

        await().atMost(20, SECONDS).until(() -> count("""
                select count(*) from sagas where order_id = $1 and id <> order_id and phase = 'COMPLETED'""") == 1);
        assertThat(commandsOf(cancelling))
                .containsExactly(
                        "cancel-shipment", "refund-payment", "release-stock", "mark-cancelled", "send-cancellation");
        await().atMost(10, SECONDS)
                .untilAsserted(() -> assertThat(events())
                        .filteredOn(e -> e.sagaId().equals(cancelling))
                        .extracting(SagaAdvanced::sequence)
                        .contains(1, 2, 3, 4, 5, 6));
    }

    @Test
    void keepsAnOrderWhoseParcelHasLeft() {
        UUID cancelling = CancelOrder.sagaOf(order);
        wire.say(cancelled(order, true));

        answerFor(cancelling, "cancel-shipment", Direction.DO, new Reply.AlreadyDispatched(Instant.EPOCH));
        answerFor(cancelling, "cancel-requested", Direction.UNDO, new Reply.OrderKept());

        await().atMost(20, SECONDS).until(() -> count("""
                select count(*) from sagas where order_id = $1 and phase = 'COMPENSATED'""") == 1);
        assertThat(commandsOf(cancelling)).containsExactly("cancel-shipment", "keep-order");
    }

    @Test
    void takesNoNoticeOfACancelThatComesTooLateOrBeforeItsOrder() {
        wire.say(cancelled(order, false));
        wire.answering(SagaRunnerTest::success);
        wire.say(placed(order));
        awaitPhase("COMPLETED");

        wire.say(cancelled(order, false));
        UUID next = UUID.randomUUID();
        wire.say(cancelled(next, true));

        await().atMost(20, SECONDS)
                .until(() -> !wire.heard(CancelOrder.sagaOf(next)).isEmpty());
        assertThat(count("select count(*) from sagas where order_id = $1 and phase = 'COMPLETED'"))
                .isEqualTo(1);
        assertThat(count("select count(*) from sagas where order_id = $1")).isEqualTo(1);
    }

    @Test
    void carriesManyOrdersAtOnce() {
        List<UUID> orders =
                IntStream.range(0, 200).mapToObj(_ -> UUID.randomUUID()).toList();

        wire.answering(SagaRunnerTest::success);
        orders.forEach(each -> wire.say(placed(each)));

        await().atMost(60, SECONDS)
                .until(() -> pool.preparedQuery("select count(*) from sagas where id = any($1) and phase = 'COMPLETED'")
                                .execute(Tuple.of(orders.toArray(UUID[]::new)))
                                .await()
                                .atMost(Duration.ofSeconds(5))
                                .iterator()
                                .next()
                                .getLong(0)
                        == 200);
    }

    @Test
    void putsUnreadableRepliesAsideAndGoesOn() {
        int before = wire.deadLetters(Topics.SAGA_REPLIES).size();
        ProducerRecord<String, byte[]> broken =
                reply("reserve-stock", Direction.DO, new Reply.StockReserved()).record();
        wire.say(new ProducerRecord<>(
                broken.topic(),
                (Integer) null,
                broken.key(),
                "no json".getBytes(StandardCharsets.UTF_8),
                broken.headers()));
        wire.say(new ProducerRecord<>(broken.topic(), (Integer) null, (String) null, broken.value(), broken.headers()));

        wire.answering(SagaRunnerTest::success);
        wire.say(placed(order));

        awaitPhase("COMPLETED");
        await().atMost(10, SECONDS)
                .until(() -> wire.deadLetters(Topics.SAGA_REPLIES).size() >= before + 2);
    }

    /** While two builds run, Kafka gives an order's messages to either. */
    @Test
    void leavesASagaThatANewerBuildBeganToItAndLosesNothingOfIt() {
        whileANewerBuildHasBegunIt(() -> {
            wire.say(reply("reserve-stock", Direction.DO, new Reply.StockReserved()));

            await().atMost(20, SECONDS).until(() -> setAside() == 1);
            run(OVERDUE);
            carriesAnotherOrderMeanwhile();
            assertThat(count("select count(*) from sagas where id = $1 and version = 1 and step = 'reserve-stock'"))
                    .isEqualTo(1);
            assertThat(deadLettersOf(order)).isZero();
        });

        awaitCommand("charge-payment:do", 1);
        assertThat(setAside()).isZero();
        assertThat(count("select count(*) from sagas where id = $1 and step = 'charge-payment'"))
                .isEqualTo(1);
    }

    /** The step that the newer build has more has a reply of its own, and a participant says it again under the same id. */
    @Test
    void leavesAReplyOfATypeThatOnlyTheNewerBuildKnowsToItAndKeepsItOnce() {
        UUID nobodys = UUID.randomUUID();
        whileANewerBuildHasBegunIt(() -> {
            wire.say(giftWrapped(order));
            wire.say(giftWrapped(order));
            wire.say(giftWrapped(nobodys));

            await().atMost(20, SECONDS).until(() -> deadLettersOf(nobodys) > 0);
            carriesAnotherOrderMeanwhile();
            assertThat(setAside()).isEqualTo(1);
            assertThat(deadLettersOf(order)).isZero();
            // Nobody here could read it.
            run("delete from set_aside where saga_id = $1");
        });
    }

    /** Then the newer build would find it. */
    private void whileANewerBuildHasBegunIt(Runnable meanwhile) {
        wire.say(placed(order));
        awaitCommand("reserve-stock:do", 1);
        run(BEGUN_BY_A_NEWER_BUILD);
        try {
            meanwhile.run();
        } finally {
            run(BEGUN_BY_THIS_BUILD);
        }
    }

    private long setAside() {
        return count("select count(*) from set_aside where saga_id = $1");
    }

    private long deadLettersOf(UUID saga) {
        return wire.deadLetters(Topics.SAGA_REPLIES).stream()
                .filter(letter -> saga.toString().equals(letter.key()))
                .count();
    }

    private static ProducerRecord<String, byte[]> giftWrapped(UUID saga) {
        ProducerRecord<String, byte[]> record = reply(saga, "wrap-gift", Direction.DO, new Reply.StockReserved())
                .record();
        record.headers().remove("ce_type");
        record.headers().add("ce_type", "gift-wrapped".getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** The process that ended it died before it said so, and a build that has dropped the definition hears the reply again. */
    @Test
    void saysTheLastEventOfASagaThatHasEndedAgainWhoeverEndedIt() {
        wire.answering(SagaRunnerTest::success);
        wire.say(placed(order));
        awaitPhase("COMPLETED");
        awaitEvents("COMPLETED", 1);
        run(BEGUN_BY_A_NEWER_BUILD.replace(", attempt = 1, version = 1", ""));

        wire.say(reply("send-confirmation", Direction.DO, new Reply.ConfirmationSent()));

        awaitEvents("COMPLETED", 2);
        assertThat(setAside()).isZero();
        run(BEGUN_BY_THIS_BUILD);
    }

    private void awaitEvents(String phase, int times) {
        await().atMost(20, SECONDS)
                .until(() -> wire.heard(order).stream()
                                .map(Received::message)
                                .filter(message -> message instanceof SagaAdvanced event
                                        && event.phase().name().equals(phase))
                                .count()
                        >= times);
    }

    /** One message, or one saga, that nobody can handle holds up no deadline. */
    @Test
    void tellsDeadlinesThoughWhatWaitsCannotBeHandledAndASagaCannotBeRead() {
        UUID broken = UUID.randomUUID();
        wire.say(placed(broken));
        awaitCommand(broken, "reserve-stock:do", 1);
        wire.say(placed(order));
        awaitCommand("reserve-stock:do", 1);
        Outgoing empty = reply("reserve-stock", Direction.DO, new Reply.StockReserved());
        pool.preparedQuery(
                        "insert into set_aside (saga_id, message_id, topic, envelope, body) values ($1, 'x', $2, $3, $4)")
                .execute(Tuple.of(
                        order,
                        Topics.SAGA_REPLIES,
                        Json.text(empty.envelope()),
                        Buffer.buffer("no JSON".getBytes(StandardCharsets.UTF_8))))
                .await()
                .atMost(Duration.ofSeconds(5));
        pool.preparedQuery("update sagas set data = '[]', due_at = now(), check_at = now() where id = $1")
                .execute(Tuple.of(broken))
                .await()
                .atMost(Duration.ofSeconds(5));
        try {
            carriesAnotherOrderMeanwhile();

            await().atMost(20, SECONDS).until(() -> deadLettersOf(order) > 0);
            assertThat(setAside()).isZero();
        } finally {
            pool.preparedQuery("delete from sagas where id = $1")
                    .execute(Tuple.of(broken))
                    .await()
                    .atMost(Duration.ofSeconds(5));
        }
    }

    /** With silence in it, so that the sweeper has looked as well. */
    private void carriesAnotherOrderMeanwhile() {
        UUID other = UUID.randomUUID();
        wire.say(placed(other));
        awaitCommand(other, "reserve-stock:do", 2);
        wire.say(reply(other, "reserve-stock", Direction.DO, new Reply.StockReserved()));
        awaitCommand(other, "charge-payment:do", 1);
    }

    private static Outgoing success(Received<? extends Message> command) {
        Reply reply = switch ((Command) command.message()) {
            case InventoryCommand.ReserveStock _ -> new Reply.StockReserved();
            case InventoryCommand.ReleaseStock _ -> new Reply.StockReleased();
            case PaymentCommand.ChargePayment _ -> new Reply.PaymentCharged("ch_1", eur(100));
            case PaymentCommand.RefundPayment _ -> new Reply.PaymentRefunded();
            case ShipmentCommand.ArrangeShipment _ -> new Reply.ShipmentArranged(UUID.randomUUID(), "carrier", "track");
            case ShipmentCommand.CancelShipment _ -> new Reply.ShipmentCancelled();
            case OrderCommand.ApproveOrder _ -> new Reply.OrderApproved();
            case OrderCommand.RejectOrder _ -> new Reply.OrderRejected();
            case OrderCommand.KeepOrder _ -> new Reply.OrderKept();
            case OrderCommand.MarkCancelled _ -> new Reply.OrderCancelled();
            case NotificationCommand.SendConfirmation _ -> new Reply.ConfirmationSent();
            case NotificationCommand.SendCancellation _ -> new Reply.CancellationSent();
        };
        return Outgoing.reply(command.commandId(), "test", command.envelope().trace(), reply);
    }

    private void answer(String step, Direction direction, Reply reply) {
        answerFor(order, step, direction, reply);
    }

    /** As a participant does: only what it was asked. */
    private void answerFor(UUID id, String step, Direction direction, Reply reply) {
        awaitCommand(id, step + ":" + direction.wire(), 1);
        wire.say(reply(id, step, direction, reply));
    }

    private Outgoing reply(String step, Direction direction, Reply reply) {
        return reply(order, step, direction, reply);
    }

    private static Outgoing reply(UUID id, String step, Direction direction, Reply reply) {
        return Outgoing.reply(new MessageId(id, step, direction), "test", TRACE, reply);
    }

    static Outgoing placed(UUID id) {
        OrderPlaced event = new OrderPlaced(
                id,
                new Customer(UUID.randomUUID(), "Ada", "ada@example.org"),
                List.of(new PricedLine("TEA", "Tea", 1, eur(100))),
                eur(100),
                new Address("Ada", "1 Way", null, "London", "N1", "GB"),
                "tok_ok",
                Instant.now());
        return Outgoing.of(Topics.ORDER_EVENTS, id.toString(), id + ":placed", "test", TRACE, event);
    }

    private static Outgoing cancelled(UUID id, boolean approved) {
        OrderCancellationRequested event = new OrderCancellationRequested(
                id,
                new Customer(UUID.randomUUID(), "Ada", "ada@example.org"),
                List.of(new PricedLine("TEA", "Tea", 1, eur(100))),
                eur(100),
                Instant.now(),
                "found it cheaper",
                approved);
        String message = id + ":cancel" + (approved ? ":approved" : "");
        return Outgoing.of(Topics.ORDER_EVENTS, id.toString(), message, "test", TRACE, event);
    }

    private static Money eur(long cents) {
        return new Money(cents, "EUR");
    }

    private long updatesInPlace() {
        return pool.query("select n_tup_hot_upd from pg_stat_user_tables where relname = 'sagas'")
                .execute()
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator()
                .next()
                .getLong(0);
    }

    private void awaitCommand(String stepAndDirection, int times) {
        awaitCommand(order, stepAndDirection, times);
    }

    private void awaitCommand(UUID id, String stepAndDirection, int times) {
        await().atMost(20, SECONDS)
                .until(() -> wire.heard(id).stream()
                                .filter(r -> r.envelope().id().equals(id + ":" + stepAndDirection))
                                .count()
                        >= times);
    }

    private List<String> commands() {
        return commandsOf(order);
    }

    private List<String> commandsOf(UUID saga) {
        return wire.heard(saga).stream()
                .filter(r -> !(r.message() instanceof SagaAdvanced))
                .sorted((a, b) -> a.envelope().time().compareTo(b.envelope().time()))
                .map(r -> r.envelope().type())
                .distinct()
                .toList();
    }

    private List<SagaAdvanced> events() {
        return wire.heard(order).stream()
                .map(Received::message)
                .filter(SagaAdvanced.class::isInstance)
                .map(SagaAdvanced.class::cast)
                .toList();
    }

    private void awaitPhase(String phase) {
        await().atMost(20, SECONDS)
                .until(() -> count("select count(*) from sagas where id = $1 and phase = '" + phase + "'") == 1
                        && events().stream().anyMatch(e -> e.phase().name().equals(phase)));
    }

    private void run(String sql) {
        pool.preparedQuery(sql).execute(Tuple.of(order)).await().atMost(Duration.ofSeconds(5));
    }

    private long count(String sql) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(order))
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator()
                .next()
                .getLong(0);
    }
}
