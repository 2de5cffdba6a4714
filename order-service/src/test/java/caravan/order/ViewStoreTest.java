package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Money;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of a view is a guess: what others made of it meanwhile is never overwritten. */
@QuarkusTest
@WithTestResource(Backends.class)
class ViewStoreTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    ViewStore store;

    private Shop shop;
    private UUID order;

    @BeforeEach
    void placeAnOrder() {
        Customer.ADA.asks();
        shop = new Shop(pool);
        order = shop.place();
    }

    @AfterEach
    void close() {
        Customer.nobodyAsks();
        shop.close();
    }

    @Test
    void foldsIntoWhatSomebodyElseHasWrittenMeanwhile() {
        fold(done(1, "reserve-stock", new Reply.StockReserved()));
        pool.withTransaction(tx -> ViewStore.cancelRequested(tx, order, Instant.now()))
                .await()
                .atMost(BOUND);

        fold(done(2, "charge-payment", new Reply.PaymentCharged("ch_1", new Money(250, "EUR"))));

        assertThat(view())
                .returns(OrderStatus.PAID, OrderView::status)
                .satisfies(view -> assertThat(view.cancellation()).isNotNull());
    }

    @Test
    void losesNoneOfTheEventsThatTwoFoldAtTheSameTime() {
        List<Uni<List<SagaAdvanced>>> folds = IntStream.rangeClosed(1, 8)
                .mapToObj(n -> store.fold(List.of(done(n, "step-" + n, new Reply.StockReserved()))))
                .toList();

        Uni.join().all(folds).andFailFast().await().atMost(BOUND);

        assertThat(view().timeline()).extracting(OrderView.Entry::sequence).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void readsWhatItDoesNotRememberAndNamesWhatIsNotHere() {
        ViewStore another = new ViewStore(pool);
        SagaAdvanced known = done(1, "reserve-stock", new Reply.StockReserved());
        SagaAdvanced unknown = new SagaAdvanced(
                UUID.randomUUID(),
                "place-order",
                UUID.randomUUID(),
                1,
                Instant.now(),
                "reserve-stock",
                What.DONE,
                Phase.RUNNING,
                null,
                null);

        List<SagaAdvanced> notHere =
                another.fold(List.of(known, unknown)).await().atMost(BOUND);

        assertThat(notHere).containsExactly(unknown);
        assertThat(view().status()).isEqualTo(OrderStatus.STOCK_RESERVED);
    }

    private void fold(SagaAdvanced event) {
        assertThat(store.fold(List.of(event)).await().atMost(BOUND)).isEmpty();
    }

    private SagaAdvanced done(int sequence, String step, Reply reply) {
        return new SagaAdvanced(
                order, "place-order", order, sequence, Instant.now(), step, What.DONE, Phase.RUNNING, null, reply);
    }

    private OrderView view() {
        return pool.preparedQuery("select document from order_views where order_id = $1")
                .execute(Tuple.of(order))
                .map(rows -> caravan.common.messaging.Json.read(
                        rows.iterator().next().getString("document"), OrderView.class))
                .await()
                .atMost(BOUND);
    }
}
