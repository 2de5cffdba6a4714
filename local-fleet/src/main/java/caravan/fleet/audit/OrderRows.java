package caravan.fleet.audit;

import caravan.fleet.audit.Facts.Mails;
import caravan.fleet.audit.Facts.OrderFacts;
import caravan.fleet.audit.Facts.PaymentFacts;
import caravan.fleet.audit.Facts.SagaFacts;
import caravan.fleet.audit.Facts.ViewFacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** All databases side by side, one order at a time. */
final class OrderRows implements AutoCloseable {

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Rows> all = new ArrayList<>();
    private final Rows orders;
    private final Rows lines;
    private final Rows views;
    private final Rows sagas;
    private final Rows cancels;
    private final Rows reservations;
    private final Rows payments;
    private final Rows shipments;
    private final Rows mails;

    OrderRows(Databases databases) throws SQLException {
        orders = rows(databases, "orders", """
                select id, status, total_minor, cancel_requested_at is not null, forgotten_at is not null
                from orders order by id""");
        lines = rows(
                databases,
                "orders",
                "select order_id, sum(quantity) from order_lines group by order_id order by order_id");
        views = rows(databases, "orders", "select order_id, status, sequence from order_views order by order_id");
        // The saga that places an order has its id, the one that cancels it has not.
        sagas = rows(databases, "sagas", "select id, phase, version from sagas where id = order_id order by id");
        cancels = rows(
                databases,
                "sagas",
                "select order_id, phase, version from sagas where id <> order_id order by order_id");
        reservations = rows(databases, "inventory", """
                select order_id, coalesce(sum(quantity) filter (where released_at is null), 0)
                from stock_reservations group by order_id order by order_id""");
        payments = rows(databases, "payments", """
                select order_id, state, amount_minor, captured_minor, refunded_minor
                from payments order by order_id""");
        shipments = rows(databases, "shipments", "select order_id, state from shipments order by order_id");
        mails = rows(databases, "notifications", """
                select order_id, count(*) filter (where kind = 'CONFIRMATION'),
                  count(*) filter (where kind = 'CANCELLATION')
                from confirmations group by order_id order by order_id""");
    }

    // Both close with this.
    @SuppressWarnings("resource")
    private Rows rows(Databases databases, String database, String sql) throws SQLException {
        Connection connection = databases.connect(database);
        open.add(connection);
        Rows rows = new Rows(connection, sql);
        open.addFirst(rows);
        all.add(rows);
        return rows;
    }

    /** The next order that any database knows; empty at the end. */
    Optional<Facts> next() throws SQLException {
        Optional<UUID> lowest =
                all.stream().map(Rows::at).filter(Objects::nonNull).min(Rows::compare);
        return lowest.isEmpty() ? Optional.empty() : Optional.of(facts(lowest.get()));
    }

    private Facts facts(UUID id) throws SQLException {
        Long reserved = reservations.take(id, row -> row.getLong(2));
        Long ordered = lines.take(id, row -> row.getLong(2));
        Mails sent = mails.take(id, row -> new Mails(row.getLong(2), row.getLong(3)));
        return new Facts(
                id,
                orders.take(
                        id,
                        row -> new OrderFacts(row.getString(2), row.getLong(3), row.getBoolean(4), row.getBoolean(5))),
                sagas.take(id, row -> new SagaFacts(row.getString(2), row.getInt(3))),
                cancels.take(id, row -> new SagaFacts(row.getString(2), row.getInt(3))),
                reserved == null ? 0 : reserved,
                ordered == null ? 0 : ordered,
                payments.take(
                        id, row -> new PaymentFacts(row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5))),
                shipments.take(id, row -> row.getString(2)),
                sent == null ? new Mails(0, 0) : sent,
                views.take(id, row -> new ViewFacts(row.getString(2), row.getInt(3))));
    }

    @Override
    public void close() throws SQLException {
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (SQLException e) {
                throw e;
            } catch (Exception e) {
                throw new SQLException(e);
            }
        }
    }
}
