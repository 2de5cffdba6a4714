package caravan.shipment;

import caravan.common.contract.Reply.AddressUndeliverable;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.Reply.ShipmentCancelled;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Json;
import caravan.common.messaging.Participant;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.shipment.Carrier.Label;
import caravan.shipment.Decision.Arrange;
import caravan.shipment.Decision.Cancel;
import caravan.shipment.Decision.Decline;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shipments in the database: two statements for a batch of any size, each taking its rows in the order of the order ids, so
 * that two batches that share orders wait for each other and never in a circle.
 */
@Singleton
class ShipmentStore implements Participant<ShipmentCommand> {

    /** A second parcel for an order breaks the unique constraint: a defect, which belongs with the dead letters. */
    private static final String ARRANGE = """
            insert into shipments (order_id, carrier, tracking_number, state, address, arranged_at)
            select k.order_id, k.carrier, k.tracking_number, 'ARRANGED', k.address::jsonb, now()
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as k (order_id, carrier, tracking_number, address)
            order by k.order_id
            returning id, order_id""";

    private static final String CANCEL = """
            with wanted as (
                select id from shipments where order_id = any($1) and state = 'ARRANGED' order by order_id for update)
            update shipments s set state = 'CANCELLED', cancelled_at = now()
            from wanted where s.id = wanted.id""";

    private final Carrier carrier;

    ShipmentStore(Carrier carrier) {
        this.carrier = carrier;
    }

    /** A cancellation is an action too: the first step of CancelOrder. */
    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<ShipmentCommand>> actions) {
        List<Decision> decisions = actions.stream()
                .map(action -> Decision.of(action.message(), carrier))
                .toList();
        return arrange(tx, only(Arrange.class, decisions))
                .chain(ids -> cancel(tx, only(Cancel.class, decisions))
                        .map(_ -> decisions.stream().map(d -> answer(d, ids)).toList()));
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<ShipmentCommand>> undos) {
        for (Received<ShipmentCommand> undo : undos) {
            if (undo.message() instanceof ArrangeShipment) {
                throw new PoisonException("arranging a shipment undoes nothing");
            }
        }
        return act(tx, undos);
    }

    private static Uni<Map<UUID, UUID>> arrange(SqlConnection tx, List<Arrange> parcels) {
        if (parcels.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Tuple rows = Tuple.of(
                parcels.stream().map(Arrange::orderId).toArray(UUID[]::new),
                texts(parcels, parcel -> parcel.label().carrier()),
                texts(parcels, parcel -> parcel.label().trackingNumber()),
                texts(parcels, parcel -> Json.text(parcel.address())));
        return tx.preparedQuery(ARRANGE).execute(rows).map(inserted -> {
            Map<UUID, UUID> ids = new HashMap<>();
            for (Row row : inserted) {
                ids.put(row.getUUID("order_id"), row.getUUID("id"));
            }
            return ids;
        });
    }

    /** No parcel, or one that is cancelled already: nothing to do, and the answer is the same. */
    private static Uni<Void> cancel(SqlConnection tx, List<Cancel> unwanted) {
        if (unwanted.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple orders = Tuple.of(unwanted.stream().map(Cancel::orderId).toArray(UUID[]::new));
        return tx.preparedQuery(CANCEL).execute(orders).replaceWithVoid();
    }

    private static Answer answer(Decision decision, Map<UUID, UUID> shipmentOf) {
        return Answer.now(
                switch (decision) {
                    case Arrange arrange -> arranged(arrange, shipmentOf.get(arrange.orderId()));
                    case Decline decline -> new AddressUndeliverable(decline.country());
                    case Cancel _ -> new ShipmentCancelled();
                });
    }

    private static ShipmentArranged arranged(Arrange arrange, @Nullable UUID shipment) {
        if (shipment == null) {
            throw new IllegalStateException("no row returned for the parcel of order " + arrange.orderId());
        }
        Label label = arrange.label();
        return new ShipmentArranged(shipment, label.carrier(), label.trackingNumber());
    }

    private static <T extends Decision> List<T> only(Class<T> kind, List<Decision> decisions) {
        return decisions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static String[] texts(List<Arrange> parcels, Function<Arrange, String> of) {
        return parcels.stream().map(of).toArray(String[]::new);
    }
}
