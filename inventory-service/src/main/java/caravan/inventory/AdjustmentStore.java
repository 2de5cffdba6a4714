package caravan.inventory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;

/** Adjusts the stock of one product. The idempotency key is a part of the row that it makes. */
@Singleton
class AdjustmentStore {

    /** Who asked for what, under which key. */
    record Request(String caller, String route, String key, String sku, int wanted) {}

    sealed interface Outcome {
        record Fresh(Adjustment adjustment) implements Outcome {}

        record Replayed(Adjustment adjustment) implements Outcome {}

        record KeyReused() implements Outcome {}

        record UnknownSku() implements Outcome {}
    }

    /** Also what lets two requests with the same key for the same product come one after the other. */
    private static final String LOCK = "select on_hand from stock where sku = $1 for update";

    private static final String FIND = """
            select sku, wanted, delta, on_hand from stock_adjustments
            where caller = $1 and route = $2 and idempotency_key = $3""";

    private static final String RECORD = """
            insert into stock_adjustments (sku, wanted, delta, on_hand, reason, caller, route, idempotency_key, at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, now())
            on conflict on constraint stock_adjustments_once do nothing""";

    private static final String APPLY = "update stock set on_hand = $2, updated_at = now() where sku = $1";

    private final Pool pool;

    AdjustmentStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Outcome> adjust(Request request) {
        return pool.withTransaction(tx -> tx.preparedQuery(LOCK)
                .execute(Tuple.of(request.sku()))
                .chain(stock -> stock.size() == 0
                        ? Uni.createFrom().item(new Outcome.UnknownSku())
                        : decide(tx, request, stock.iterator().next().getInteger(0))));
    }

    private static Uni<Outcome> decide(SqlConnection tx, Request request, int onHand) {
        return tx.preparedQuery(FIND)
                .execute(Tuple.of(request.caller(), request.route(), request.key()))
                .chain(known -> known.size() == 0
                        ? record(tx, request, Adjustment.of(request.sku(), onHand, request.wanted()))
                        : Uni.createFrom().item(again(request, known)));
    }

    private static Outcome again(Request request, RowSet<Row> known) {
        Row row = known.iterator().next();
        Adjustment then = new Adjustment(
                row.getString("sku"), row.getInteger("wanted"), row.getInteger("delta"), row.getInteger("on_hand"));
        boolean same = then.sku().equals(request.sku()) && then.wanted() == request.wanted();
        return same ? new Outcome.Replayed(then) : new Outcome.KeyReused();
    }

    private static Uni<Outcome> record(SqlConnection tx, Request request, Adjustment made) {
        Tuple row = Tuple.tuple()
                .addString(made.sku())
                .addInteger(made.wanted())
                .addInteger(made.delta())
                .addInteger(made.onHand())
                .addString(made.wanted() > 0 ? "delivery" : "correction")
                .addString(request.caller())
                .addString(request.route())
                .addString(request.key());
        // No row: meanwhile the key was used for another product.
        return tx.preparedQuery(RECORD)
                .execute(row)
                .chain(recorded ->
                        recorded.rowCount() == 0 ? Uni.createFrom().item(new Outcome.KeyReused()) : apply(tx, made));
    }

    private static Uni<Outcome> apply(SqlConnection tx, Adjustment made) {
        return made.isRefused()
                ? Uni.createFrom().item(new Outcome.Fresh(made))
                : tx.preparedQuery(APPLY)
                        .execute(Tuple.of(made.sku(), made.onHand()))
                        .replaceWith(new Outcome.Fresh(made));
    }
}
