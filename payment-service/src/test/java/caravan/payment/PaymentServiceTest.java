package caravan.payment;

import static caravan.payment.Till.BOUND;
import static caravan.payment.Till.COMMANDS;
import static caravan.payment.Till.DEAD;
import static caravan.payment.Till.TWENTY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Money;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.CardDeclined;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.PaymentRefunded;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import caravan.payment.Payment.State;
import caravan.payment.Till.Order;
import caravan.payment.Till.Taken;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "cardnetwork", value = "true"))
class PaymentServiceTest {

    @Inject
    Pool pool;

    private Till till;
    private final Order order = Order.fresh();

    @BeforeEach
    void open() {
        till = new Till(pool);
    }

    @AfterEach
    void close() {
        till.close();
    }

    @Test
    void chargesACard() {
        till.charge(order, "tok_ok");

        Reply reply = till.answer(order);

        assertThat(reply).isInstanceOfSatisfying(PaymentCharged.class, charged -> {
            assertThat(charged.amount()).isEqualTo(TWENTY);
            assertThat(charged.chargeId()).isEqualTo(till.row(order).getString("network_charge_id"));
        });
        assertThat(till.taken()).isEqualTo(new Taken(1, 2_000, 0, 0));
    }

    @Test
    void repliesUnderTheIdThatFollowsFromTheCommand() {
        till.charge(order, "tok_ok");

        var reply =
                till.wire.hear(Topics.SAGA_REPLIES, order.saga().toString(), 1).getFirst();

        assertThat(Wire.header(reply, "ce_id")).isEqualTo(order.charge() + ":reply");
        assertThat(Wire.header(reply, "ce_source")).isEqualTo("payment-service");
    }

    @Test
    void forgetsTheTokenOnceItIsNotNeeded() {
        till.charge(order, "tok_ok");
        till.answer(order);

        assertThat(till.row(order).getString("card_token")).isNull();
    }

    @Test
    void rejectsADeclinedCard() {
        till.charge(order, "tok_declined");

        assertThat(till.answer(order)).isEqualTo(new CardDeclined("insufficient-funds"));
        assertThat(till.row(order).getString("state")).isEqualTo("DECLINED");
        assertThat(till.taken().captures()).isZero();
    }

    @Test
    void chargesOnceWhenTheNetworkTakesTheMoneyAndLosesTheAnswer() {
        List<Order> orders = Order.fresh(6);
        orders.forEach(each -> till.charge(each, "tok_flaky"));

        assertThat(orders).allSatisfy(each -> assertThat(till.answer(each)).isInstanceOf(PaymentCharged.class));

        assertThat(till.taken()).isEqualTo(new Taken(6, 12_000, 0, 0));
    }

    @Test
    void givesADuplicateTheSameReplyAndChargesNothingMore() {
        till.charge(order, "tok_ok");
        Reply first = till.answer(order);

        till.charge(order, "tok_ok");

        assertThat(till.replies(order, 2)).hasSize(2).containsOnly(first);
        assertThat(till.taken().captures()).isEqualTo(1);
    }

    @Test
    void refundsWhatWasCharged() {
        till.charge(order, "tok_ok");
        till.answer(order);

        till.undo(order);

        assertThat(till.replies(order, 2)).last().isEqualTo(new PaymentRefunded());
        Row row = till.row(order);
        assertThat(row.getString("state")).isEqualTo("REFUNDED");
        assertThat(row.getLong("refunded_minor")).isEqualTo(2_000);
        assertThat(till.taken()).isEqualTo(new Taken(1, 2_000, 1, 2_000));
    }

    @Test
    void refundsAsAnActionOfAnotherSaga() {
        UUID cancelOrder = UUID.randomUUID();
        till.charge(order, "tok_ok");
        till.answer(order);

        till.wire.send(
                COMMANDS, new MessageId(cancelOrder, "refund-payment", Direction.DO), new RefundPayment(order.id()));

        assertThat(till.wire.replies(cancelOrder, 1)).containsExactly(new PaymentRefunded());
        assertThat(till.row(order).getString("state")).isEqualTo("REFUNDED");
    }

    @Test
    void refundsWhatAForgottenSagaCharged() {
        UUID cancelOrder = UUID.randomUUID();
        till.charge(order, "tok_ok");
        till.answer(order);

        till.wire.send(
                Topics.SAGA_RETENTION,
                order.saga().toString(),
                order.saga() + ":forgotten",
                "sagas-forgotten",
                Json.bytes(new SagasForgotten(List.of(new Forgotten(order.saga(), order.id())))));
        await().atMost(BOUND).until(() -> till.received(order.saga()) == 0);
        till.wire.send(
                COMMANDS, new MessageId(cancelOrder, "refund-payment", Direction.DO), new RefundPayment(order.id()));

        assertThat(till.wire.replies(cancelOrder, 1)).containsExactly(new PaymentRefunded());
        assertThat(till.row(order).getString("state")).isEqualTo("REFUNDED");
        assertThat(till.received(cancelOrder)).isEqualTo(1);
    }

    @Test
    void givesADuplicateUndoTheSameReplyAndRefundsNothingMore() {
        till.charge(order, "tok_ok");
        till.undo(order);
        till.answer(order);
        till.rowWhen(order, row -> row.getString("state").equals("REFUNDED"));

        till.undo(order);

        till.wire.replies(order.saga(), 2);
        assertThat(till.taken().refundedMinor()).isEqualTo(till.taken().capturedMinor());
    }

    @Test
    void hasNothingToRefundForADeclinedCard() {
        till.charge(order, "tok_declined");
        till.answer(order);

        till.undo(order);

        assertThat(till.replies(order, 2)).last().isEqualTo(new PaymentRefunded());
        assertThat(till.row(order).getString("state")).isEqualTo("DECLINED");
    }

    @Test
    void refundsNothingSuccessfullyAndRefusesTheLateCharge() {
        till.undo(order);
        Reply undone = till.answer(order);

        till.charge(order, "tok_ok");

        assertThat(undone).isEqualTo(new PaymentRefunded());
        assertThat(till.replies(order, 2)).containsExactly(new PaymentRefunded(), new Refused());
        assertThat(till.count("order_id = '" + order.id() + "'")).isZero();
        assertThat(till.taken().captures()).isZero();
    }

    @Test
    void leavesNothingCapturedWhenTheUndoComesWhileTheChargeIsUnderWay() {
        till.charge(order, "tok_slow");
        till.rowWhen(order, row -> row.getOffsetDateTime("leased_until") != null);

        till.undo(order);

        assertThat(till.answer(order)).isEqualTo(new PaymentRefunded());
        // The charge is answered two seconds after it was made.
        Row row = till.rowWhen(order, r -> r.getString("network_charge_id") != null);
        assertThat(row.getString("state")).isEqualTo("REFUNDED");
        assertThat(till.taken()).isEqualTo(new Taken(1, 2_000, 1, 2_000));
    }

    @Test
    void doesNotLetSlowCardsHoldUpFastOnes() {
        List<Order> slow = Order.fresh(5);
        List<Order> fast = Order.fresh(10);
        slow.forEach(each -> till.charge(each, "tok_slow"));
        fast.forEach(each -> till.charge(each, "tok_ok"));

        Instant lastFast =
                fast.stream().map(till::answeredAt).max(Instant::compareTo).orElseThrow();
        Instant firstSlow =
                slow.stream().map(till::answeredAt).min(Instant::compareTo).orElseThrow();

        assertThat(lastFast).isBefore(firstSlow);
    }

    @Test
    void takesUpWhatADeadReplicaLeft() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        till.sql("""
                insert into payments (order_id, charge_saga_id, charge_step, state, amount_minor, currency, card_token,
                    attempts, next_try_at, leased_until, traceparent, requested_at)
                values ($1, $2, $3, 'REQUESTED', 2000, 'EUR', 'tok_ok', 1, now(), now() + interval '1 second', $4, now())""", order.id(), order.saga(), order.charge().step(), trace);

        Row row = till.rowIn(order, State.CAPTURED);

        assertThat(row.getInteger("attempts")).isEqualTo(2);
        assertThat(till.answer(order)).isInstanceOf(PaymentCharged.class);
        var reply =
                till.wire.hear(Topics.SAGA_REPLIES, order.saga().toString(), 1).getFirst();
        assertThat(Wire.header(reply, "traceparent"))
                .startsWith(trace.substring(0, 36))
                .isNotEqualTo(trace);
    }

    @Test
    void doesNotChargeAnOrderForASecondSaga() {
        till.charge(order, "tok_ok");
        till.answer(order);
        Order again = new Order(order.id(), UUID.randomUUID());

        till.charge(again, "tok_ok");
        till.undo(again);

        var dead = till.wire.hear(DEAD, again.saga().toString(), 1).getFirst();
        assertThat(Wire.header(dead, "dead-cause")).contains("payments_pk");
        assertThat(till.answer(again)).isEqualTo(new PaymentRefunded());
        assertThat(till.row(order).getString("state")).isEqualTo("CAPTURED");
    }

    @Test
    void doesNotLetARecordThatCannotBeStoredHarmItsNeighbours() {
        List<Order> neighbours = Order.fresh(20);
        for (int i = 0; i < neighbours.size(); i++) {
            till.charge(neighbours.get(i), "tok_ok");
            if (i == 10) {
                // No database stores a NUL character.
                till.wire.send(
                        COMMANDS, order.charge(), new ChargePayment(order.id(), new Money(2_000, "E\0R"), "tok_ok"));
            }
        }

        var dead = till.wire.hear(DEAD, order.saga().toString(), 1).getFirst();

        assertThat(Wire.header(dead, "dead-attempts")).isEqualTo("3");
        assertThat(neighbours).allSatisfy(each -> assertThat(till.answer(each)).isInstanceOf(PaymentCharged.class));
    }

    @Test
    void putsPoisonAsideAtOnceAndFlowsOn() {
        String key = order.saga().toString();
        String id = order.charge().toString();
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] nothing = """
                {"orderId":"%s","amount":{"amountMinor":0,"currency":"EUR"},"cardToken":"tok_ok"}""".formatted(order.id()).getBytes(StandardCharsets.UTF_8);
        till.wire.send(COMMANDS, key, id, "charge-payment", "no json".getBytes(StandardCharsets.UTF_8));
        till.wire.send(COMMANDS, key, id, "rob-bank", json);
        till.wire.send(COMMANDS, key, id, "charge-payment", json);
        till.wire.send(COMMANDS, key, id, "charge-payment", nothing);
        till.wire.send(COMMANDS, null, id, "charge-payment", json);

        till.charge(order, "tok_ok");

        assertThat(till.answer(order)).isInstanceOf(PaymentCharged.class);
        assertThat(till.wire.hear(DEAD, key, 4))
                .hasSize(4)
                .allSatisfy(
                        dead -> assertThat(Wire.header(dead, "dead-attempts")).isEqualTo("1"));
        assertThat(till.wire.hear(DEAD, null, 1)).hasSize(1);
    }
}
