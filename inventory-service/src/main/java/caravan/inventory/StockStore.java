package caravan.inventory;

import caravan.common.contract.InventoryCommand;
import caravan.common.contract.Reply;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Participant;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Moves stock. Every transaction that changes stock rows locks all of them first, by sku: two batches may wait for one
 * another, never both. A batch is four statements, however long it is.
 */
@Singleton
class StockStore implements Participant<InventoryCommand> {

    private static final String LOCK = """
            select s.sku from stock s
            where s.sku in (
                select unnest($1::text[])
                union
                select r.sku from stock_reservations r where r.order_id = any($2::uuid[]) and r.released_at is null)
            order by s.sku for update of s""";

    private static final String ON_HAND = "select sku, on_hand from stock where sku = any($1::text[])";

    private static final String RESERVE = """
            with taken as (
                update stock s
                set on_hand = s.on_hand - t.quantity, reserved = s.reserved + t.quantity, updated_at = now()
                from unnest($1::text[], $2::int[]) as t (sku, quantity)
                where s.sku = t.sku)
            insert into stock_reservations (order_id, sku, quantity, reserved_at)
            select r.*, now() from unnest($3::uuid[], $4::text[], $5::int[]) as r""";

    private static final String RELEASE = """
            with released as (
                update stock_reservations set released_at = now()
                where order_id = any($1::uuid[]) and released_at is null
                returning sku, quantity),
            given_back as (select sku, sum(quantity) as quantity from released group by sku)
            update stock s
            set on_hand = s.on_hand + g.quantity, reserved = s.reserved - g.quantity, updated_at = now()
            from given_back g where s.sku = g.sku""";

    private final InventoryMetrics metrics;

    StockStore(InventoryMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Uni<Void> lock(
            SqlConnection tx, List<Received<InventoryCommand>> actions, List<Received<InventoryCommand>> undos) {
        StockBatch all =
                StockBatch.of(Stream.concat(actions.stream(), undos.stream()).map(Received::message));
        return all.commands().isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(LOCK)
                        .execute(Tuple.of(all.skus(), all.releasedOrders()))
                        .replaceWithVoid();
    }

    /** Reserves before it releases: both of one order in one batch must end with nothing reserved. */
    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<InventoryCommand>> actions) {
        StockBatch batch = StockBatch.of(actions.stream().map(Received::message));
        return reserve(tx, batch)
                .chain(replies -> release(tx, batch).replaceWith(batch.replies(replies)))
                .map(replies -> replies.stream().map(Answer::now).toList());
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<InventoryCommand>> undos) {
        StockBatch batch = StockBatch.of(undos.stream().map(Received::message));
        if (!batch.reserves().isEmpty()) {
            throw new PoisonException("a reservation undoes nothing: order "
                    + batch.reserves().getFirst().orderId());
        }
        return act(tx, undos);
    }

    private Uni<List<Reply>> reserve(SqlConnection tx, StockBatch batch) {
        if (batch.reserves().isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return onHand(tx, batch).chain(onHand -> {
            Allocation allocation = Allocation.of(onHand, batch.reserves());
            metrics.decided(allocation.replies());
            return save(tx, allocation).replaceWith(allocation.replies());
        });
    }

    private static Uni<Map<String, Integer>> onHand(SqlConnection tx, StockBatch batch) {
        return tx.preparedQuery(ON_HAND).execute(Tuple.of(batch.skus())).map(rows -> {
            Map<String, Integer> onHand = new HashMap<>();
            for (Row row : rows) {
                onHand.put(row.getString("sku"), row.getInteger("on_hand"));
            }
            return onHand;
        });
    }

    private static Uni<Void> save(SqlConnection tx, Allocation allocation) {
        List<Reservation> made = allocation.reservations();
        if (made.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Map<String, Integer> taken = allocation.taken();
        return tx.preparedQuery(RESERVE)
                .execute(Tuple.of(
                        taken.keySet().toArray(String[]::new),
                        taken.values().toArray(Integer[]::new),
                        made.stream().map(Reservation::orderId).toArray(UUID[]::new),
                        made.stream().map(Reservation::sku).toArray(String[]::new),
                        made.stream().map(Reservation::quantity).toArray(Integer[]::new)))
                .replaceWithVoid();
    }

    private Uni<Void> release(SqlConnection tx, StockBatch batch) {
        if (batch.releases().isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        metrics.released(batch.releases().size());
        return tx.preparedQuery(RELEASE)
                .execute(Tuple.tuple().addArrayOfUUID(batch.releasedOrders()))
                .replaceWithVoid();
    }
}
