package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.Reply.StockReleased;
import caravan.common.contract.Reply.StockReserved;
import caravan.common.contract.Reply.StockUnavailable;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import caravan.inventory.Ledger.Shelf;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class StockServiceTest {

    private static final String COMMANDS = Topics.INVENTORY_COMMANDS;
    private static final String DEAD = Topics.deadLetters(COMMANDS);
    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    private Wire wire;
    private Ledger ledger;
    private final UUID saga = UUID.randomUUID();
    private final UUID order = UUID.randomUUID();
    private final MessageId reserveId = new MessageId(saga, "reserve-stock", Direction.DO);
    private final MessageId releaseId = new MessageId(saga, "reserve-stock", Direction.UNDO);

    @BeforeEach
    void connect() {
        wire = new Wire(Topics.SAGA_REPLIES, DEAD).fromNow();
        ledger = new Ledger(pool);
    }

    @AfterEach
    void staysBalanced() {
        wire.close();
        assertThat(ledger.imbalances()).isEmpty();
    }

    @Test
    void reservesAllLines() {
        String tea = ledger.newProduct(10);
        String cups = ledger.newProduct(6);

        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4), line(cups, 6)));

        assertThat(wire.replies(saga, 1)).containsExactly(new StockReserved());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(6, 4, 0));
        assertThat(ledger.shelf(cups)).isEqualTo(new Shelf(0, 6, 0));
    }

    @Test
    void rejectsTheOrderWhenOneLineIsShort() {
        String tea = ledger.newProduct(10);
        String cups = ledger.newProduct(5);

        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4), line(cups, 6)));

        assertThat(wire.replies(saga, 1)).containsExactly(new StockUnavailable(cups, 6, 5));
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
        assertThat(ledger.held(order)).isZero();
    }

    @Test
    void rejectsAProductThatIsSoldOutOrUnknown() {
        UUID other = UUID.randomUUID();

        wire.send(COMMANDS, reserveId, reserve(order, line("SOLD-OUT", 1)));
        wire.send(
                COMMANDS,
                new MessageId(other, "reserve-stock", Direction.DO),
                reserve(UUID.randomUUID(), line("NO-SUCH", 2)));

        assertThat(wire.replies(saga, 1)).containsExactly(new StockUnavailable("SOLD-OUT", 1, 0));
        assertThat(wire.replies(other, 1)).containsExactly(new StockUnavailable("NO-SUCH", 2, 0));
    }

    @Test
    void givesADuplicateTheSameReplyAndReservesOnce() {
        String tea = ledger.newProduct(10);
        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));
        wire.replies(saga, 1);

        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));

        assertThat(wire.replies(saga, 2)).containsExactly(new StockReserved(), new StockReserved());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(6, 4, 0));
    }

    @Test
    void givesBackWhatWasReserved() {
        String tea = ledger.newProduct(10);
        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));

        wire.send(COMMANDS, releaseId, new ReleaseStock(order));
        wire.send(COMMANDS, releaseId, new ReleaseStock(order));

        assertThat(wire.replies(saga, 3))
                .containsExactly(new StockReserved(), new StockReleased(), new StockReleased());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
    }

    @Test
    void givesBackForAnotherSagaToo() {
        UUID cancelOrder = UUID.randomUUID();
        String tea = ledger.newProduct(10);
        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));
        wire.replies(saga, 1);

        wire.send(COMMANDS, new MessageId(cancelOrder, "release-stock", Direction.DO), new ReleaseStock(order));

        assertThat(wire.replies(cancelOrder, 1)).containsExactly(new StockReleased());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
    }

    @Test
    void givesBackWhatAForgottenSagaReserved() {
        UUID cancelOrder = UUID.randomUUID();
        String tea = ledger.newProduct(10);
        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));
        wire.replies(saga, 1);

        wire.send(
                Topics.SAGA_RETENTION,
                saga.toString(),
                saga + ":forgotten",
                "sagas-forgotten",
                Json.bytes(new SagasForgotten(List.of(new Forgotten(saga, order)))));
        await().atMost(BOUND).until(() -> received(saga) == 0);
        wire.send(COMMANDS, new MessageId(cancelOrder, "release-stock", Direction.DO), new ReleaseStock(order));

        assertThat(wire.replies(cancelOrder, 1)).containsExactly(new StockReleased());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
        assertThat(received(cancelOrder)).isEqualTo(1);
    }

    @Test
    void refusesAReservationThatItsReleaseOvertook() {
        String tea = ledger.newProduct(10);
        wire.send(COMMANDS, releaseId, new ReleaseStock(order));
        wire.replies(saga, 1);

        wire.send(COMMANDS, reserveId, reserve(order, line(tea, 4)));

        assertThat(wire.replies(saga, 2)).containsExactly(new StockReleased(), new Refused());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
    }

    @Test
    void releasesNothingSuccessfully() {
        wire.send(COMMANDS, releaseId, new ReleaseStock(order));

        assertThat(wire.replies(saga, 1)).containsExactly(new StockReleased());
    }

    @Test
    void neverPromisesMoreThanThereIs() {
        String tea = ledger.newProduct(30);
        List<UUID> sagas =
                IntStream.range(0, 200).mapToObj(_ -> UUID.randomUUID()).toList();

        for (UUID each : sagas) {
            MessageId id = new MessageId(each, "reserve-stock", Direction.DO);
            wire.send(COMMANDS, id, reserve(UUID.randomUUID(), line(tea, 1)));
        }

        long served = sagas.stream()
                .filter(each -> wire.replies(each, 1).getFirst() instanceof StockReserved)
                .count();
        assertThat(served).isEqualTo(30);
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(0, 30, 0));
    }

    @Test
    void keepsNeighboursOfAPoisonRecordUnharmed() {
        String tea = ledger.newProduct(100);
        List<MessageId> neighbours = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            MessageId id = new MessageId(UUID.randomUUID(), "reserve-stock", Direction.DO);
            neighbours.add(id);
            wire.send(COMMANDS, id, reserve(UUID.randomUUID(), line(tea, 1)));
            if (i == 10) {
                // No database stores a NUL character.
                wire.send(COMMANDS, reserveId, reserve(order, line("T\0", 1)));
            }
        }

        assertThat(wire.hear(DEAD, saga.toString(), 1)).hasSize(1);
        for (MessageId id : neighbours) {
            assertThat(wire.replies(id.sagaId(), 1)).containsExactly(new StockReserved());
        }
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(80, 20, 0));
    }

    @Test
    void putsAsideAnOrderWithoutAMeaning() {
        String tea = ledger.newProduct(10);

        wire.send(COMMANDS, reserveId, reserve(order, line(tea, -4)));
        wire.send(COMMANDS, releaseId, new ReleaseStock(order));

        var dead = wire.hear(DEAD, saga.toString(), 1).getFirst();
        assertThat(Wire.header(dead, "dead-cause")).contains("no such line");
        assertThat(wire.replies(saga, 1)).containsExactly(new StockReleased());
        assertThat(ledger.shelf(tea)).isEqualTo(new Shelf(10, 0, 0));
    }

    @Test
    void putsAsideWhatItCannotReadAndGoesOn() {
        String key = saga.toString();
        byte[] body = ("{\"orderId\":\"" + order + "\"}").getBytes(StandardCharsets.UTF_8);

        wire.send(COMMANDS, key, reserveId.toString(), "reserve-stock", "no json".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, key, reserveId.toString(), "steal-stock", body);
        wire.send(COMMANDS, null, releaseId.toString(), "release-stock", body);
        wire.send(COMMANDS, releaseId, new ReleaseStock(order));

        assertThat(wire.replies(saga, 1)).containsExactly(new StockReleased());
        assertThat(wire.hear(DEAD, key, 2))
                .extracting(record -> Wire.header(record, "dead-cause"))
                .anyMatch(cause -> cause.contains("no JSON"))
                .anyMatch(cause -> cause.contains("steal-stock"));
        assertThat(wire.hear(DEAD, null, 1))
                .extracting(record -> Wire.header(record, "dead-cause"))
                .anyMatch(cause -> cause.contains("no key"));
    }

    private long received(UUID of) {
        return ledger.execute("select count(*) from inbox where saga_id = $1", Tuple.of(of))
                .getFirst()
                .getLong(0);
    }

    private static ReserveStock reserve(UUID order, Line... lines) {
        return new ReserveStock(order, List.of(lines));
    }

    private static Line line(String sku, int quantity) {
        return new Line(sku, quantity);
    }
}
