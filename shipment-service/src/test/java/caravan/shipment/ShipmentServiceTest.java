package caravan.shipment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Address;
import caravan.common.contract.Line;
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class ShipmentServiceTest {

    private static final String COMMANDS = Topics.SHIPMENT_COMMANDS;
    private static final String DEAD = Topics.deadLetters(COMMANDS);
    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    PickUpSweeper pickUp;

    private Wire wire;
    private final UUID saga = UUID.randomUUID();
    private final UUID order = UUID.randomUUID();
    private final MessageId arrangeId = new MessageId(saga, "arrange-shipment", Direction.DO);
    private final MessageId cancelId = new MessageId(saga, "arrange-shipment", Direction.UNDO);

    @BeforeEach
    void connect() {
        wire = new Wire(Topics.SAGA_REPLIES, DEAD);
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    @Test
    void arrangesAShipment() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        List<Reply> replies = wire.replies(saga, 1);

        assertThat(replies).singleElement().isInstanceOfSatisfying(ShipmentArranged.class, arranged -> {
            assertThat(arranged.carrier()).isEqualTo(SimulatedCarrier.NAME);
            assertThat(arranged.trackingNumber()).startsWith("CX");
        });
        assertThat(stateOf(order)).isEqualTo("ARRANGED");
    }

    @Test
    void repliesUnderTheIdThatFollowsFromTheCommand() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        var reply = wire.hear(Topics.SAGA_REPLIES, saga.toString(), 1).getFirst();

        assertThat(Wire.header(reply, "ce_id")).isEqualTo(saga + ":arrange-shipment:do:reply");
        assertThat(Wire.header(reply, "ce_source")).isEqualTo("shipment-service");
    }

    @Test
    void rejectsAnAddressThatNoCarrierServes() {
        wire.send(COMMANDS, arrangeId, arrange(order, "AQ"));

        assertThat(wire.replies(saga, 1)).containsExactly(new Reply.AddressUndeliverable("AQ"));
        assertThat(stateOf(order)).isEqualTo("none");
    }

    @Test
    void givesADuplicateTheSameReplyAndNoSecondParcel() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        Reply first = wire.replies(saga, 2).getFirst();

        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        assertThat(wire.replies(saga, 3)).hasSize(3).containsOnly(first);
        assertThat(shipments(order)).isEqualTo(1);
    }

    @Test
    void cancelsWhatWasArranged() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.send(COMMANDS, cancelId, new CancelShipment(order));

        assertThat(wire.replies(saga, 2)).last().isEqualTo(new Reply.ShipmentCancelled());
        assertThat(stateOf(order)).isEqualTo("CANCELLED");
    }

    @Test
    void cancelsAsAnActionOfAnotherSaga() {
        UUID cancelOrder = UUID.randomUUID();
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.replies(saga, 1);

        wire.send(COMMANDS, new MessageId(cancelOrder, "cancel-shipment", Direction.DO), new CancelShipment(order));

        assertThat(wire.replies(cancelOrder, 1)).containsExactly(new Reply.ShipmentCancelled());
        assertThat(stateOf(order)).isEqualTo("CANCELLED");
    }

    @Test
    void cancelsWhatAForgottenSagaArranged() {
        UUID cancelOrder = UUID.randomUUID();
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.replies(saga, 1);

        wire.send(
                Topics.SAGA_RETENTION,
                saga.toString(),
                saga + ":forgotten",
                "sagas-forgotten",
                Json.bytes(new SagasForgotten(List.of(new Forgotten(saga, order)))));
        await().atMost(BOUND).until(() -> received(saga) == 0);
        wire.send(COMMANDS, new MessageId(cancelOrder, "cancel-shipment", Direction.DO), new CancelShipment(order));

        assertThat(wire.replies(cancelOrder, 1)).containsExactly(new Reply.ShipmentCancelled());
        assertThat(stateOf(order)).isEqualTo("CANCELLED");
        assertThat(received(cancelOrder)).isEqualTo(1);
    }

    @Test
    void rejectsACancellationOnceTheParcelHasLeft() {
        MessageId id = new MessageId(UUID.randomUUID(), "cancel-shipment", Direction.DO);
        UUID other = UUID.randomUUID();
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.replies(saga, 1);
        dispatch();

        wire.send(COMMANDS, id, new CancelShipment(order));
        wire.send(COMMANDS, id, new CancelShipment(order));
        wire.send(COMMANDS, new MessageId(other, "cancel-shipment", Direction.DO), new CancelShipment(other));

        assertThat(wire.replies(id.sagaId(), 2)).hasSize(2).hasOnlyElementsOfType(Reply.AlreadyDispatched.class);
        assertThat(wire.replies(other, 1)).containsExactly(new Reply.ShipmentCancelled());
        assertThat(stateOf(order)).isEqualTo("DISPATCHED");
    }

    @Test
    void doesNotPretendToUndoAParcelThatHasLeft() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.replies(saga, 1);
        dispatch();

        wire.send(COMMANDS, cancelId, new CancelShipment(order));

        var dead = wire.hear(DEAD, saga.toString(), 1).getFirst();
        assertThat(Wire.header(dead, "dead-cause")).contains(order.toString(), "left at");
        assertThat(wire.replies(saga, 1)).hasSize(1).hasOnlyElementsOfType(ShipmentArranged.class);
        assertThat(stateOf(order)).isEqualTo("DISPATCHED");
    }

    @Test
    void letsTheCarrierTakeOnlyWhatHasWaitedLongEnoughAndIsStillWanted() {
        UUID unwanted = UUID.randomUUID();
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.send(COMMANDS, new MessageId(unwanted, "arrange-shipment", Direction.DO), arrange(unwanted, "DE"));
        wire.replies(unwanted, 1);
        wire.send(COMMANDS, new MessageId(unwanted, "arrange-shipment", Direction.UNDO), new CancelShipment(unwanted));
        wire.replies(unwanted, 2);
        wire.replies(saga, 1);

        pickUp.sweep(Instant.now()).await().atMost(Duration.ofSeconds(10));
        String soon = stateOf(order);
        dispatch();

        assertThat(soon).isEqualTo("ARRANGED");
        assertThat(stateOf(order)).isEqualTo("DISPATCHED");
        assertThat(stateOf(unwanted)).isEqualTo("CANCELLED");
    }

    @Test
    void refusesAnActionThatItsUndoOvertook() {
        wire.send(COMMANDS, cancelId, new CancelShipment(order));
        wire.replies(saga, 1);

        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        assertThat(wire.replies(saga, 2)).containsExactly(new Reply.ShipmentCancelled(), new Reply.Refused());
        assertThat(stateOf(order)).isEqualTo("none");
    }

    @Test
    void cancelsNothingSuccessfully() {
        wire.send(COMMANDS, cancelId, new CancelShipment(order));

        assertThat(wire.replies(saga, 1)).containsExactly(new Reply.ShipmentCancelled());
    }

    @Test
    void doesNotLetARecordThatCannotBeStoredHarmItsNeighbours() {
        List<MessageId> neighbours = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            MessageId id = new MessageId(UUID.randomUUID(), "arrange-shipment", Direction.DO);
            neighbours.add(id);
            wire.send(COMMANDS, id, arrange(UUID.randomUUID(), "DE"));
            if (i == 10) {
                // No database stores a NUL character.
                wire.send(COMMANDS, arrangeId, arrange(order, "D\0"));
            }
        }

        var dead = wire.hear(DEAD, saga.toString(), 1).getFirst();

        assertThat(Wire.header(dead, "dead-attempts")).isEqualTo("3");
        assertThat(Wire.header(dead, "dead-topic")).isEqualTo(COMMANDS);
        assertThat(Wire.header(dead, "ce_id")).isEqualTo(arrangeId.toString());
        neighbours.forEach(
                id -> assertThat(wire.replies(id.sagaId(), 1)).singleElement().isInstanceOf(ShipmentArranged.class));
    }

    @Test
    void putsASecondParcelForAnOrderAside() {
        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));
        wire.replies(saga, 1);
        UUID other = UUID.randomUUID();

        wire.send(COMMANDS, new MessageId(other, "arrange-shipment", Direction.DO), arrange(order, "DE"));

        var dead = wire.hear(DEAD, other.toString(), 1).getFirst();
        assertThat(Wire.header(dead, "dead-cause")).contains("shipments_order_uq");
        assertThat(shipments(order)).isEqualTo(1);
    }

    @Test
    void putsPoisonAsideAtOnceAndFlowsOn() {
        String key = saga.toString();
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        wire.send(COMMANDS, key, arrangeId.toString(), "arrange-shipment", "no json".getBytes(StandardCharsets.UTF_8));
        wire.send(COMMANDS, key, arrangeId.toString(), "launch-rocket", json);
        wire.send(COMMANDS, key, arrangeId.toString(), "arrange-shipment", json);
        wire.send(COMMANDS, null, arrangeId.toString(), "arrange-shipment", json);

        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        assertThat(wire.replies(saga, 1)).hasSize(1);
        assertThat(wire.hear(DEAD, key, 3))
                .hasSize(3)
                .allSatisfy(
                        dead -> assertThat(Wire.header(dead, "dead-attempts")).isEqualTo("1"));
        assertThat(wire.hear(DEAD, null, 1)).hasSize(1);
    }

    @Test
    void putsPoisonAsideThatIsAsLargeAsARecordCanBe() {
        byte[] nearlyTooLarge = new byte[1_048_100];
        wire.send(COMMANDS, saga.toString(), arrangeId.toString(), "arrange-shipment", nearlyTooLarge);

        wire.send(COMMANDS, arrangeId, arrange(order, "DE"));

        assertThat(wire.replies(saga, 1)).hasSize(1);
        assertThat(wire.hear(DEAD, saga.toString(), 1))
                .singleElement()
                .satisfies(dead -> assertThat(dead.value()).hasSize(nearlyTooLarge.length));
    }

    /** An hour and a minute later. */
    private void dispatch() {
        pickUp.sweep(Instant.now().plus(Duration.ofMinutes(61))).await().atMost(Duration.ofSeconds(10));
    }

    private static ArrangeShipment arrange(UUID order, String country) {
        Address address = new Address("Ada Lovelace", "12 St James's Square", null, "London", "SW1Y 4JH", country);
        return new ArrangeShipment(order, address, List.of(new Line("TEA-1", 2)));
    }

    private long shipments(UUID order) {
        return count("select count(*) as n from shipments where order_id = $1", order);
    }

    private long received(UUID of) {
        return count("select count(*) as n from inbox where saga_id = $1", of);
    }

    private long count(String sql, UUID of) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(of))
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator()
                .next()
                .getLong("n");
    }

    private String stateOf(UUID order) {
        var rows = pool.preparedQuery("select state from shipments where order_id = $1")
                .execute(Tuple.of(order))
                .await()
                .atMost(Duration.ofSeconds(5))
                .iterator();
        return rows.hasNext() ? rows.next().getString("state") : "none";
    }
}
