package caravan.common.audit;

import caravan.audit.AskedOrders;
import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.Saga;
import caravan.audit.OrderFacts.View;
import caravan.audit.Question;
import caravan.audit.StockFacts;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** The rows that answer a {@link Question}, as values. */
public final class Rows {

    private Rows() {}

    /** What a service tells of the orders it is asked for, by primary keys. */
    public static <T> Uni<List<T>> tell(Pool pool, Question question, AskedOrders asked, Function<Row, T> told) {
        return pool.preparedQuery(question.ofSome())
                .execute(Tuple.of(asked.array()))
                .map(rows -> {
                    List<T> all = new ArrayList<>();
                    rows.forEach(row -> all.add(told.apply(row)));
                    return all;
                });
    }

    /** The same, by the orders that there is a row of. */
    public static <T> Uni<Map<UUID, T>> byId(
            Pool pool, Question question, Collection<UUID> orders, Function<Row, T> value) {
        return pool.preparedQuery(question.ofSome())
                .execute(Tuple.of(orders.toArray(UUID[]::new)))
                .map(rows -> {
                    Map<UUID, T> all = new HashMap<>();
                    rows.forEach(row -> all.put(row.getUUID("id"), value.apply(row)));
                    return all;
                });
    }

    public static Order order(Row row) {
        return new Order(
                row.getString("status"),
                row.getLong("total_minor"),
                row.getBoolean("cancel_requested"),
                row.getBoolean("forgotten"));
    }

    public static View view(Row row) {
        return new View(row.getString("status"), row.getInteger("sequence"));
    }

    public static Saga saga(Row row) {
        return Saga.of(row.getString("phase"), row.getInteger("version"), row.getString("skipped"));
    }

    public static Saga cancel(Row row) {
        return Saga.of(row.getString("phase"), row.getInteger("version"), "");
    }

    public static Payment payment(Row row) {
        return new Payment(
                row.getString("state"),
                row.getLong("amount_minor"),
                row.getLong("captured_minor"),
                row.getLong("refunded_minor"));
    }

    public static Mails mails(Row row) {
        return new Mails(row.getLong("confirmations"), row.getLong("cancellations"));
    }

    /** Pieces of an order. */
    public static long pieces(Row row) {
        return row.getLong("pieces");
    }

    public static StockFacts stock(Row row) {
        return new StockFacts(
                row.getString("sku"),
                row.getLong("on_hand"),
                row.getLong("reserved"),
                row.getLong("shipped"),
                row.getLong("put_in"),
                row.getLong("promised"));
    }
}
