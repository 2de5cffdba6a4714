package caravan.shipment;

import caravan.common.contract.Reply;
import caravan.common.contract.Reply.AddressUndeliverable;
import caravan.common.contract.Reply.AlreadyDispatched;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.Reply.ShipmentCancelled;
import caravan.common.contract.ShipmentCommand;
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
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
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

    /** Gives the parcels that have left: the row lock decides between the carrier and the customer. */
    static final String CANCEL = """
            with wanted as (
                select id, order_id, state, dispatched_at from shipments
                where order_id = any($1) order by order_id for update),
            cancelled as (
                update shipments s set state = 'CANCELLED', cancelled_at = now()
                from wanted where s.id = wanted.id and wanted.state = 'ARRANGED')
            select order_id, dispatched_at from wanted where state = 'DISPATCHED'""";

    static final String DISPATCH = """
            with waiting as (
                select id from shipments where state = 'ARRANGED' and arranged_at <= $1
                order by arranged_at limit $2 for update skip locked)
            update shipments s set state = 'DISPATCHED', dispatched_at = now()
            from waiting where s.id = waiting.id""";

    private final Carrier carrier;
    private final Pool pool;

    ShipmentStore(Carrier carrier, Pool pool) {
        this.carrier = carrier;
        this.pool = pool;
    }

    /** The carrier takes what was arranged until then, oldest first; gives how many. */
    Uni<Integer> dispatch(Instant arrangedUntil, int most) {
        return pool.preparedQuery(DISPATCH)
                .execute(Tuple.of(arrangedUntil.atOffset(ZoneOffset.UTC), most))
                .map(RowSet::rowCount);
    }

    /** A cancellation is an action too: the first step of CancelOrder. */
    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<ShipmentCommand>> actions) {
        List<Decision> decisions = actions.stream()
                .map(action -> Decision.of(action.message(), carrier))
                .toList();
        return arrange(tx, only(Arrange.class, decisions))
                .chain(ids -> cancel(tx, only(Cancel.class, decisions))
                        .map(left -> decisions.stream()
                                .map(d -> answer(d, ids, left))
                                .toList()));
    }

    /**
     * An undo cannot be rejected, and to say that a parcel is cancelled which has left would be a lie: such an undo goes to
     * the dead letters, its saga gets stuck, and a person has the parcel brought back.
     */
    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<ShipmentCommand>> undos) {
        List<Cancel> unwanted =
                undos.stream().map(undo -> cancellation(undo.message())).toList();
        return cancel(tx, unwanted).map(left -> {
            left.forEach((order, at) -> {
                throw new PoisonException("the parcel of order " + order + " left at " + at + " and cannot be undone");
            });
            return unwanted.stream()
                    .map(_ -> Answer.now(new ShipmentCancelled()))
                    .toList();
        });
    }

    private Cancel cancellation(ShipmentCommand undo) {
        return switch (Decision.of(undo, carrier)) {
            case Cancel cancel -> cancel;
            case Arrange _, Decline _ -> throw new PoisonException("arranging a shipment undoes nothing");
        };
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

    /**
     * Gives the orders whose parcel has left, and when. No parcel, or one that is cancelled already: nothing to do, and the
     * answer is the same.
     */
    private static Uni<Map<UUID, Instant>> cancel(SqlConnection tx, List<Cancel> unwanted) {
        if (unwanted.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Tuple orders = Tuple.of(unwanted.stream().map(Cancel::orderId).toArray(UUID[]::new));
        return tx.preparedQuery(CANCEL).execute(orders).map(rows -> {
            Map<UUID, Instant> left = new HashMap<>();
            for (Row row : rows) {
                left.put(
                        row.getUUID("order_id"),
                        row.getOffsetDateTime("dispatched_at").toInstant());
            }
            return left;
        });
    }

    private static Answer answer(Decision decision, Map<UUID, UUID> shipmentOf, Map<UUID, Instant> left) {
        return Answer.now(
                switch (decision) {
                    case Arrange arrange -> arranged(arrange, shipmentOf.get(arrange.orderId()));
                    case Decline decline -> new AddressUndeliverable(decline.country());
                    case Cancel cancel -> cancelled(left.get(cancel.orderId()));
                });
    }

    private static Reply cancelled(@Nullable Instant leftAt) {
        return leftAt == null ? new ShipmentCancelled() : new AlreadyDispatched(leftAt);
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
