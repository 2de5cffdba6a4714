package caravan.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Reply;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.PaymentRefunded;
import caravan.fleet.testing.Backends;
import caravan.payment.Payment.State;
import caravan.payment.Till.Order;
import caravan.payment.Till.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "cardnetwork", value = "true"))
class CardNetworkDownTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private Till till;
    private final Order order = Order.fresh();

    @BeforeEach
    void open() {
        Backends.cardNetworkMode("up");
        till = new Till(pool);
        closeTheBreaker();
    }

    @AfterEach
    void close() {
        Backends.cardNetworkMode("up");
        till.close();
    }

    @Test
    void queuesWhileTheNetworkIsDownAndChargesOnceWhenItIsBack() {
        List<Order> orders = Order.fresh(30);
        Backends.cardNetworkMode("down");
        orders.forEach(each -> till.charge(each, "tok_ok"));
        orders.forEach(each -> till.rowIn(each, State.QUEUED));
        Reply first = till.replies(orders.getFirst(), 1).getFirst();

        Backends.cardNetworkMode("up");

        orders.forEach(each -> assertThat(till.answer(each)).isInstanceOf(PaymentCharged.class));
        assertThat(first)
                .isInstanceOfSatisfying(
                        Reply.Deferred.class,
                        deferred -> assertThat(deferred.reason()).isEqualTo(Payment.DOWN));
        assertThat(till.taken()).isEqualTo(new Taken(30, 60_000, 0, 0));
        assertThat(breaker()).isZero();
    }

    @Test
    void opensTheBreakerForALoneOrderWithinSeconds() {
        Backends.cardNetworkMode("down");

        till.charge(order, "tok_declined");

        Reply reply = till.replies(order, 1).getFirst();
        assertThat(reply).isInstanceOf(Reply.Deferred.class);
        assertThat(((Reply.Deferred) reply).until())
                .isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
    }

    @Test
    void saysEachDeferralOnce() {
        Backends.cardNetworkMode("down");
        till.charge(order, "tok_declined");

        List<Reply> deferrals = till.replies(order, 3);

        assertThat(deferrals).doesNotHaveDuplicates().hasOnlyElementsOfType(Reply.Deferred.class);
    }

    @Test
    void cancelsAQueuedPaymentThatTheNetworkNeverSaw() {
        openTheBreaker();
        till.charge(order, "tok_ok");
        till.rowIn(order, State.QUEUED);

        till.undo(order);

        assertThat(till.answer(order)).isEqualTo(new PaymentRefunded());
        assertThat(till.row(order).getString("state")).isEqualTo("CANCELLED");
    }

    @Test
    void defersARefundAndMakesItWhenTheNetworkIsBack() {
        till.charge(order, "tok_ok");
        till.answer(order);
        openTheBreaker();

        till.undo(order);
        List<Reply> replies = till.replies(order, 2);
        Backends.cardNetworkMode("up");

        assertThat(replies.get(1)).isInstanceOf(Reply.Deferred.class);
        till.rowIn(order, State.REFUNDED);
        assertThat(till.taken().refundedMinor()).isEqualTo(till.taken().capturedMinor());
    }

    @Test
    void triesACardThatNeverAnswersInItsOwnLaneUntilTheUndo() {
        till.charge(order, "tok_down");
        till.rowWhen(order, row -> row.getBoolean("suspect"));

        List<Order> others = Order.fresh(40);
        others.forEach(each -> till.charge(each, "tok_ok"));
        others.forEach(each -> assertThat(till.answer(each)).isInstanceOf(PaymentCharged.class));
        Row row = till.rowWhen(order, r -> r.getInteger("attempts") >= 2);
        till.undo(order);

        assertThat(row.getString("state")).isEqualTo("REQUESTED");
        assertThat(till.answer(order)).isEqualTo(new PaymentRefunded());
        assertThat(till.row(order).getLong("captured_minor")).isZero();
        assertThat(till.taken()).isEqualTo(new Taken(40, 80_000, 0, 0));
        assertThat(breaker()).isZero();
    }

    private void openTheBreaker() {
        Backends.cardNetworkMode("down");
        Order.fresh(20).forEach(each -> till.charge(each, "tok_declined"));
        await().atMost(BOUND).until(() -> breaker() == Breaker.Gate.OPEN.level());
    }

    private void closeTheBreaker() {
        await().atMost(BOUND).until(() -> {
            Order probe = Order.fresh();
            till.charge(probe, "tok_declined");
            till.answer(probe);
            return breaker() == Breaker.Gate.CLOSED.level();
        });
    }

    private double breaker() {
        return meters.get("breaker.state").gauge().value();
    }
}
