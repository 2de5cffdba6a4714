package caravan.fleet.audit;

import caravan.audit.OrderFacts;
import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.Saga;
import caravan.audit.OrderFacts.View;
import caravan.audit.Question;
import java.sql.Connection;
import java.sql.ResultSet;
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
        orders = rows(databases, Question.ORDERS);
        lines = rows(databases, Question.LINES);
        views = rows(databases, Question.VIEWS);
        sagas = rows(databases, Question.SAGAS);
        cancels = rows(databases, Question.CANCELS);
        reservations = rows(databases, Question.RESERVATIONS);
        payments = rows(databases, Question.PAYMENTS);
        shipments = rows(databases, Question.PARCELS);
        mails = rows(databases, Question.MAILS);
    }

    // Both close with this.
    @SuppressWarnings("resource")
    private Rows rows(Databases databases, Question question) throws SQLException {
        Connection connection = databases.connect(question.database());
        open.add(connection);
        Rows rows = new Rows(connection, question.ofAll());
        open.addFirst(rows);
        all.add(rows);
        return rows;
    }

    /** The next order that any database knows; empty at the end. */
    Optional<OrderFacts> next() throws SQLException {
        Optional<UUID> lowest =
                all.stream().map(Rows::at).filter(Objects::nonNull).min(Rows::compare);
        return lowest.isEmpty() ? Optional.empty() : Optional.of(facts(lowest.get()));
    }

    private OrderFacts facts(UUID id) throws SQLException {
        Long reserved = reservations.take(id, row -> row.getLong("pieces"));
        Long ordered = lines.take(id, row -> row.getLong("pieces"));
        Mails sent = mails.take(id, row -> new Mails(row.getLong("confirmations"), row.getLong("cancellations")));
        return new OrderFacts(
                id,
                orders.take(id, OrderRows::order),
                sagas.take(id, row -> Saga.of(row.getString("phase"), row.getInt("version"), row.getString("skipped"))),
                cancels.take(id, row -> Saga.of(row.getString("phase"), row.getInt("version"), "")),
                reserved == null ? 0 : reserved,
                ordered == null ? 0 : ordered,
                payments.take(id, OrderRows::payment),
                shipments.take(id, row -> row.getString("state")),
                sent == null ? new Mails(0, 0) : sent,
                views.take(id, row -> new View(row.getString("status"), row.getInt("sequence"))));
    }

    private static Order order(ResultSet row) throws SQLException {
        return new Order(
                row.getString("status"),
                row.getLong("total_minor"),
                row.getBoolean("cancel_requested"),
                row.getBoolean("forgotten"));
    }

    private static Payment payment(ResultSet row) throws SQLException {
        return new Payment(
                row.getString("state"),
                row.getLong("amount_minor"),
                row.getLong("captured_minor"),
                row.getLong("refunded_minor"));
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
