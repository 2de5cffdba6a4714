package caravan.saga.audit;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.audit.Invariant;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.View;
import caravan.audit.Told;
import caravan.fleet.Sockets;
import caravan.fleet.testing.Backends;
import caravan.fleet.testing.LogRecorder;
import caravan.fleet.testing.Meters;
import caravan.saga.cancelorder.CancelOrder;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(SagaAuditTest.Neighbourhood.class)
class SagaAuditTest {

    /** Participants on ports of their own, and pages that are soon full and soon given up. */
    public static class Neighbourhood implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>();
            for (String who : List.of("orders", "inventory", "payments", "shipments", "notifications")) {
                overrides.put(
                        "caravan.saga.audit." + who + "-url",
                        "http://localhost:" + Sockets.free(1).getFirst());
            }
            overrides.put("caravan.saga.audit.page", "3");
            overrides.put("caravan.saga.audit.tries", "3");
            overrides.put("caravan.saga.sweep-every", "1H");
            return overrides;
        }
    }

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration CONFIRM = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String INSERT = """
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at,
              due_at, check_at, data)
            select $1, $2, min(id), $3, case when $3 not like 'COMP%' then 'reserve-stock' end, 1, 6, $4, $4,
              case when $3 in ('RUNNING', 'UNDOING') then $4 end, case when $3 in ('RUNNING', 'UNDOING') then $4 end, '{}'
            from saga_definitions""";

    private static final String SKIP = """
            insert into operator_orders (id, saga_id, step, verb, reason, operator, ordered_at)
            values ($1, $1, 'charge-payment', 'SKIP', 'refunded by hand', 'somebody', now())""";

    @Inject
    Pool pool;

    @Inject
    SagaAudit audit;

    @Inject
    OverdueSagas overdue;

    @Inject
    Backlog backlog;

    @Inject
    SagaAuditConfig config;

    private final UUID order = UUID.randomUUID();
    private final Instant now = Instant.now().truncatedTo(MILLIS);
    private final Instant ended = now.minusSeconds(70);
    private Neighbours neighbours;
    private Meters before;

    @BeforeEach
    void nothingIsToBeJudged() {
        neighbours = new Neighbours(config);
        progress(now.minusSeconds(300));
        before = Meters.here();
    }

    @AfterEach
    void forgetsAll() {
        neighbours.close();
        for (String table : List.of("operator_orders", "sagas")) {
            pool.query("delete from " + table).execute().await().atMost(BOUND);
        }
    }

    @Test
    void countsFromTheStartEveryInvariantAndEverySaga() {
        assertThat(Invariant.values())
                .allSatisfy(invariant -> assertThat(
                                before.has("invariant_violations_total", "invariant=\"" + invariant.label() + "\""))
                        .isTrue());
        assertThat(List.of("place-order", "cancel-order")).allSatisfy(saga -> {
            assertThat(before.has("saga_started_total", "saga=\"" + saga + "\""))
                    .isTrue();
            for (String outcome : List.of("completed", "compensated")) {
                String[] labels = {"saga=\"" + saga + "\"", "outcome=\"" + outcome + "\""};
                assertThat(before.has("saga_finished_total", labels)).isTrue();
                assertThat(before.has("saga_duration_seconds_count", labels)).isTrue();
            }
        });
    }

    @Test
    void findsNothingWrongWithOrdersThatAreRight() {
        UUID rejected = UUID.randomUUID();
        saga(order, "COMPLETED", ended);
        saga(rejected, "COMPENSATED", ended);
        neighbours.holdAll(order);
        neighbours.holdNothing(rejected);

        lookTwice();

        assertThat(violations()).isEmpty();
        assertThat(Meters.here().sum("audit_judged_total"))
                .isGreaterThanOrEqualTo(before.sum("audit_judged_total") + 2);
    }

    @Test
    void countsWhatWasNotGivenBackOnceAndTellsOfIt() {
        saga(order, "COMPENSATED", ended);
        neighbours.holdNothing(order);
        neighbours.says(new Told.OfPayment(order, new Payment("CAPTURED", 500, 500, 0)));
        try (LogRecorder log = LogRecorder.start()) {
            look(now);
            assertThat(violations()).isEmpty();
            look(now.plus(CONFIRM));
            look(now.plus(CONFIRM).plus(CONFIRM));

            assertThat(violations()).isEqualTo(Map.of(Invariant.REJECTED_HAS_NONE, 1.0, Invariant.MONEY_ADDS_UP, 1.0));
            assertThat(log.ours())
                    .filteredOn(line -> line.message().contains("rejected_has_none"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.keys()).containsEntry("orderId", order.toString()))
                    .satisfies(line -> assertThat(line.message()).contains("500 are still captured"));
        }
    }

    @Test
    void countsNothingThatASecondLookDoesNotSee() {
        saga(order, "COMPENSATED", ended);
        neighbours.holdNothing(order);
        neighbours.says(new Told.OfStock(order, 2));
        look(now);
        neighbours.says(new Told.OfStock(order, 0));

        look(now.plus(CONFIRM));

        assertThat(violations()).isEmpty();
    }

    @Test
    void waitsForAViewThatIsLate() {
        saga(order, "COMPLETED", ended);
        neighbours.holdAll(order);
        neighbours.says(new Told.OfOrder(order, new Order("APPROVED", 500, false, false), 2, new View("PAID", 3)));
        lookTwice();
        assertThat(violations()).isEmpty();

        look(now.plus(PATIENCE));

        assertThat(violations()).isEqualTo(Map.of(Invariant.VIEW_IS_FOLD, 1.0));
    }

    @Test
    void findsASagaWithoutItsOrder() {
        saga(order, "COMPLETED", ended);

        look(now);
        look(now.plus(PATIENCE));

        assertThat(violations()).isEqualTo(Map.of(Invariant.ONE_SAGA, 1.0));
    }

    @Test
    void findsAnOrderThatNoSagaTakesUp() {
        UUID taken = UUID.randomUUID();
        neighbours.waitsForASaga(order);
        neighbours.waitsForASaga(taken);
        saga(taken, "RUNNING", now.plus(PATIENCE));
        await().atMost(BOUND).until(backlog::isSmall);

        look(now);
        assertThat(violations()).isEmpty();
        look(now.plus(PATIENCE));

        assertThat(violations()).isEqualTo(Map.of(Invariant.ONE_SAGA, 1.0));
    }

    @Test
    void judgesNobodyWhoEndedJustNow() {
        saga(order, "COMPENSATED", now.minusSeconds(50));
        look(now);
        assertThat(neighbours.asked()).isZero();

        look(now.plusSeconds(11));

        assertThat(neighbours.asked()).isEqualTo(1);
    }

    @Test
    void judgesNothingOfAnOrderThatIsBeingCancelled() {
        saga(order, "COMPLETED", ended);
        saga(CancelOrder.sagaOf(order), order, "RUNNING", now);
        neighbours.holdNothing(order);

        lookTwice();

        assertThat(violations()).isEmpty();
    }

    @Test
    void judgesAnOrderAgainWhenItsCancellingHasEnded() {
        saga(order, "COMPLETED", ended);
        saga(CancelOrder.sagaOf(order), order, "COMPLETED", ended);
        neighbours.holdAll(order);
        neighbours.says(
                new Told.OfOrder(order, new Order("CANCELLED", 500, true, false), 2, new View("CANCELLED", 12)));

        lookTwice();

        assertThat(violations().keySet())
                .containsExactlyInAnyOrder(
                        Invariant.REJECTED_HAS_NONE, Invariant.MONEY_ADDS_UP, Invariant.ONE_CANCELLATION);
    }

    @Test
    void excusesWhatAnOperatorHasSkippedAndWhatIsStuck() {
        UUID stuck = UUID.randomUUID();
        saga(order, "COMPENSATED", ended);
        pool.preparedQuery(SKIP).execute(Tuple.of(order)).await().atMost(BOUND);
        saga(stuck, "COMPLETED", ended);
        saga(CancelOrder.sagaOf(stuck), stuck, "STUCK", ended);
        neighbours.holdNothing(order);
        neighbours.says(new Told.OfPayment(order, new Payment("CAPTURED", 500, 500, 0)));
        neighbours.holdNothing(stuck);

        lookTwice();

        assertThat(violations()).isEmpty();
    }

    @Test
    void waitsForAParticipantThatDoesNotAnswer() {
        saga(order, "COMPENSATED", ended);
        neighbours.holdNothing(order);
        neighbours.says(new Told.OfStock(order, 2));
        neighbours.goesAway(Participant.PAYMENT);

        assertThat(failsToLook(now)).isTrue();
        assertThat(failsToLook(now.plusSeconds(1))).isTrue();

        assertThat(violations()).isEmpty();
        assertThat(since("audit_unanswered_total", "service=\"payment-service\""))
                .isEqualTo(2);
        assertThat(since("audit_unanswered_total", "service=\"order-service\"")).isZero();
        neighbours.comesBack(Participant.PAYMENT);
        lookTwice();
        assertThat(violations()).isEqualTo(Map.of(Invariant.REJECTED_HAS_NONE, 1.0));
        assertThat(since("audit_skipped_total")).isZero();
    }

    @Test
    void givesAPageUpThatNobodyAnswersFor() {
        saga(order, "COMPENSATED", ended);
        neighbours.goesAway(Participant.PAYMENT);
        Stream.of(0, 1, 2).forEach(second -> failsToLook(now.plusSeconds(second)));
        neighbours.comesBack(Participant.PAYMENT);

        lookTwice();

        assertThat(violations()).isEmpty();
        assertThat(since("audit_skipped_total")).isEqualTo(1);
    }

    @Test
    void takesEachSagaOnceAPageAtATime() {
        List<UUID> five = Stream.generate(UUID::randomUUID).limit(5).toList();
        five.forEach(each -> saga(each, "COMPLETED", ended));
        five.forEach(neighbours::holdAll);

        Stream.of(0, 1, 2, 3).forEach(second -> look(now.plusSeconds(second)));

        assertThat(neighbours.asked()).isEqualTo(2);
        assertThat(since("audit_judged_total")).isEqualTo(5);
        assertThat(violations()).isEmpty();
    }

    @Test
    void skipsWhatEndedTooLongAgoAndSaysHowMany() {
        progress(now.minus(Duration.ofHours(3)));
        saga(UUID.randomUUID(), "COMPENSATED", now.minus(Duration.ofHours(2)));
        saga(order, "COMPLETED", ended);
        neighbours.holdAll(order);

        look(now);

        assertThat(since("audit_skipped_total")).isEqualTo(1);
        assertThat(neighbours.asked()).isEqualTo(1);
    }

    @Test
    void leavesTheWorkToTheReplicaThatIsAtIt() {
        saga(order, "COMPLETED", ended);
        neighbours.holdAll(order);
        var replica = pool.getConnection().await().atMost(BOUND);
        try {
            replica.query("begin").execute().await().atMost(BOUND);
            replica.query("select from audit_progress for update")
                    .execute()
                    .await()
                    .atMost(BOUND);

            look(now);

            assertThat(neighbours.asked()).isZero();
        } finally {
            replica.query("rollback").execute().await().atMost(BOUND);
            replica.close().await().atMost(BOUND);
        }
    }

    @Test
    void countsASagaThatNobodyLooksAt() {
        saga(order, "RUNNING", now.minusSeconds(120));

        overdue.round.look(now).await().atMost(BOUND);
        overdue.round.look(now.plus(PATIENCE)).await().atMost(BOUND);

        assertThat(violations()).isEqualTo(Map.of(Invariant.SAGA_ENDS, 1.0));
    }

    private void lookTwice() {
        look(now);
        look(now.plus(CONFIRM));
    }

    private void look(Instant at) {
        audit.look(at).await().atMost(BOUND);
    }

    private boolean failsToLook(Instant at) {
        return audit.look(at)
                .map(_ -> false)
                .onFailure()
                .recoverWithItem(true)
                .await()
                .atMost(BOUND);
    }

    /** What has risen, by how much. */
    private Map<Invariant, Double> violations() {
        Map<Invariant, Double> risen = new HashMap<>();
        for (Invariant invariant : Invariant.values()) {
            double more = since("invariant_violations_total", "invariant=\"" + invariant.label() + "\"");
            if (more > 0) {
                risen.put(invariant, more);
            }
        }
        return risen;
    }

    private double since(String meter, String... labels) {
        return Meters.here().sum(meter, labels) - before.sum(meter, labels);
    }

    private void saga(UUID id, String phase, Instant since) {
        saga(id, id, phase, since);
    }

    private void saga(UUID id, UUID orderId, String phase, Instant since) {
        pool.preparedQuery(INSERT)
                .execute(Tuple.of(id, orderId, phase, since.atOffset(ZoneOffset.UTC)))
                .await()
                .atMost(BOUND);
    }

    private void progress(Instant at) {
        pool.preparedQuery("update audit_progress set ended_at = $1, saga_id = $2")
                .execute(Tuple.of(at.atOffset(ZoneOffset.UTC), new UUID(0, 0)))
                .await()
                .atMost(BOUND);
    }
}
