package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import caravan.common.contract.InventoryCommand;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.MessageTypes;
import caravan.common.messaging.Envelope;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.fleet.testing.Backends;
import caravan.inventory.Ledger.Shelf;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Two replicas that work on the same products at the same time. */
@QuarkusTest
@WithTestResource(Backends.class)
class StockLockTest {

    private static final int ROUNDS = 40;

    @Inject
    Pool pool;

    @Inject
    StockStore store;

    @Test
    void letsNoTwoBatchesWaitForEachOther() {
        Ledger ledger = new Ledger(pool);
        String tea = ledger.newProduct(1_000);
        String cups = ledger.newProduct(1_000);
        List<UUID> teaOrders = reserved(tea);
        List<UUID> cupOrders = reserved(cups);

        // One locks tea and then cups, the other cups and then tea, unless both lock all of it first.
        List<Uni<Void>> batches = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            batches.add(batch(List.of(reserve(UUID.randomUUID(), tea)), List.of(new ReleaseStock(cupOrders.get(i)))));
            batches.add(batch(List.of(reserve(UUID.randomUUID(), cups)), List.of(new ReleaseStock(teaOrders.get(i)))));
        }
        Uni.join().all(batches).andCollectFailures().await().atMost(Duration.ofSeconds(30));

        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(1_000 - ROUNDS, ROUNDS, 0));
        assertThat(ledger.shelf(cups)).isEqualTo(new Shelf(1_000 - ROUNDS, ROUNDS, 0));
    }

    @Test
    void promisesNothingTwiceWhenManyReserveAtOnce() {
        Ledger ledger = new Ledger(pool);
        String tea = ledger.newProduct(ROUNDS / 4);
        List<Uni<Void>> batches = IntStream.range(0, ROUNDS)
                .mapToObj(_ -> batch(List.of(reserve(UUID.randomUUID(), tea)), List.of()))
                .toList();

        assertThatNoException()
                .isThrownBy(() ->
                        Uni.join().all(batches).andCollectFailures().await().atMost(Duration.ofSeconds(30)));

        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(0, ROUNDS / 4, 0));
    }

    private List<UUID> reserved(String sku) {
        List<ReserveStock> orders = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            orders.add(reserve(UUID.randomUUID(), sku));
        }
        batch(List.copyOf(orders), List.of()).await().atMost(Duration.ofSeconds(10));
        return orders.stream().map(ReserveStock::orderId).toList();
    }

    private Uni<Void> batch(List<InventoryCommand> actions, List<InventoryCommand> undos) {
        List<Received<InventoryCommand>> toDo = received(actions);
        List<Received<InventoryCommand>> toUndo = received(undos);
        return pool.withTransaction(tx -> store.lock(tx, toDo, toUndo)
                .chain(() -> store.act(tx, toDo))
                .chain(() -> store.undo(tx, toUndo))
                .replaceWithVoid());
    }

    private static List<Received<InventoryCommand>> received(List<InventoryCommand> commands) {
        return commands.stream()
                .map(command -> new Received<>(
                        new Envelope(
                                "unused",
                                MessageTypes.nameOf(command),
                                "test",
                                null,
                                Instant.EPOCH,
                                TraceContext.NONE,
                                null),
                        command,
                        new ConsumerRecord<>("unused", 0, 0, "unused", new byte[0])))
                .toList();
    }

    private static ReserveStock reserve(UUID order, String sku) {
        return new ReserveStock(order, List.of(new Line(sku, 1)));
    }
}
