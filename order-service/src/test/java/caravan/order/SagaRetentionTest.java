package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of an order when its sagas are forgotten. */
@QuarkusTest
@WithTestResource(Backends.class)
class SagaRetentionTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String FORGOTTEN =
            "select count(*) as n from orders where id = $1 and forgotten_at is not null";
    private static final String KEYS = "select count(*) as n from idempotency_keys where order_id = $1";
    private static final String RECEIVED = "select count(*) as n from inbox where saga_id = $1";

    @Inject
    Pool pool;

    @Inject
    OrderSweeper sweeper;

    private final UUID cancelling = UUID.randomUUID();
    private Wire wire;

    @BeforeEach
    void stockTheShelves() {
        Customer.ADA.asks();
        wire = new Wire(Topics.ORDER_EVENTS, Topics.SAGA_REPLIES);
        CancelServiceTest.stock(wire, pool);
    }

    @AfterEach
    void disconnect() {
        Customer.nobodyAsks();
        wire.close();
    }

    @Test
    void marksTheOrderAndRemovesWhatLedToIt() {
        UUID order = approved();
        UUID other = approved();

        forget(order, order);

        await().atMost(BOUND).until(() -> count(FORGOTTEN, order) == 1);
        assertThat(count(KEYS, order) + count(RECEIVED, order)).isZero();
        assertThat(count(KEYS, other)).isEqualTo(1);
        assertThat(count(RECEIVED, other)).isEqualTo(1);
        assertThat(count(FORGOTTEN, other)).isZero();
    }

    @Test
    void cancelsAnOrderWhosePlacingIsForgotten() {
        UUID order = approved();
        forget(order, order);
        await().atMost(BOUND).until(() -> count(FORGOTTEN, order) == 1);

        CancelServiceTest.cancel(order, UUID.randomUUID().toString(), "");
        command(cancelling, "mark-cancelled", new MarkCancelled(order));

        assertThat(wire.hear(Topics.ORDER_EVENTS, order.toString(), 2))
                .last()
                .satisfies(said -> assertThat(Wire.header(said, "ce_id")).isEqualTo(order + ":cancel:approved"));
        assertThat(count("select count(*) as n from orders where id = $1 and status = 'CANCELLED'", order))
                .isEqualTo(1);
    }

    @Test
    void marksNoOrderOfWhichOnlyTheCancellingIsForgotten() {
        UUID order = approved();
        CancelServiceTest.cancel(order, UUID.randomUUID().toString(), "");
        command(cancelling, "mark-cancelled", new MarkCancelled(order));

        forget(cancelling, order);

        await().atMost(BOUND).until(() -> count(RECEIVED, cancelling) == 0);
        assertThat(count(KEYS, order) + count(FORGOTTEN, order)).isZero();
        assertThat(count(RECEIVED, order)).isEqualTo(1);
    }

    @Test
    void neverAnnouncesAForgottenOrderAgain() {
        UUID order = CancelServiceTest.place();
        forget(order, order);
        await().atMost(BOUND).until(() -> count(FORGOTTEN, order) == 1);

        sweeper.sweep(Instant.now().plusSeconds(31)).await().atMost(BOUND);

        assertThat(count("""
                select count(*) as n from order_views where order_id = $1 and announced_at = created_at""", order)).isEqualTo(1);
    }

    private UUID approved() {
        UUID order = CancelServiceTest.place();
        command(order, "approve-order", new ApproveOrder(order));
        return order;
    }

    private void command(UUID saga, String step, OrderCommand command) {
        wire.send(Topics.ORDER_COMMANDS, new MessageId(saga, step, Direction.DO), command);
        wire.replies(saga, 1);
    }

    private void forget(UUID saga, UUID order) {
        SagasForgotten forgotten = new SagasForgotten(List.of(new Forgotten(saga, order)));
        wire.send(
                Topics.SAGA_RETENTION, saga.toString(), saga + ":forgotten", "sagas-forgotten", Json.bytes(forgotten));
    }

    private long count(String sql, UUID id) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(id))
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getLong("n");
    }
}
