package caravan.fleet.bench.gateway;

import caravan.fleet.FleetException;
import caravan.fleet.bench.Mix;
import caravan.fleet.bench.Mix.Story;
import caravan.fleet.bench.Progress;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.gateway.Customers.Customer;
import caravan.fleet.prefill.Cast;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Real orders that prefilled ones are made after: placed at the gateway, and ended in every database. */
final class Samples {

    private static final int APPROVED = 60;
    private static final int OTHERS = 10;
    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Mails leave at a steady rate and in their order: after a long run many others' are before them. */
    private static final Duration MAIL_BOUND = Duration.ofMinutes(30);

    private static final Duration SAY_EVERY = Duration.ofSeconds(10);

    private static final String CLOSED = "select count(*) from sagas where id = any(?) and due_at is null";
    private static final String VERSIONS = "select sum(version) from sagas where id = any(?)";
    private static final String SEQUENCES = "select sum(sequence) from order_views where order_id = any(?)";
    private static final String SENT = "select count(*) from confirmations where order_id = any(?) and state = 'SENT'";
    private static final String UNSENT = "select count(*) from confirmations where state <> 'SENT'";

    /** Prefilled parcels left long ago: the carrier comes early for these, or it would have millions to take at once. */
    private static final String DISPATCH = """
            update shipments set state = 'DISPATCHED', dispatched_at = arranged_at + interval '1 hour'
            where order_id = any(?) and state = 'ARRANGED'""";

    private final Target target;
    private final Door door;
    private final Mix mix;
    private final List<Customer> customers;
    private final Progress progress;
    private long saidNs = System.nanoTime();

    Samples(Target target, Door door, Mix mix, List<Customer> customers, Progress progress) {
        this.target = target;
        this.door = door;
        this.mix = mix;
        this.customers = customers;
        this.progress = progress;
    }

    Cast place() {
        progress.say("%d orders are placed that the others will be like".formatted(APPROVED + 2 * OTHERS));
        Cast cast = new Cast(
                place(Story.APPROVED, APPROVED),
                place(Story.CARD_DECLINED, OTHERS),
                place(Story.ADDRESS_UNDELIVERABLE, OTHERS),
                customers.stream().map(Customer::buyer).toList());
        try {
            awaitEnd(cast);
            try (Connection connection = target.connect("shipments");
                    PreparedStatement dispatch = prepared(connection, DISPATCH, cast.samples())) {
                dispatch.executeUpdate();
            }
            return cast;
        } catch (SQLException e) {
            throw new FleetException("The databases cannot be read: " + e.getMessage(), e);
        }
    }

    private List<UUID> place(Story story, int count) {
        List<UUID> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String token = customers.get(i % customers.size()).accessToken();
            orders.add(UUID.fromString(
                    Door.ok(door.post(Orders.PATH, token, mix.next(story))).getString("id")));
        }
        return orders;
    }

    /** The last things that happen to an order: the read model has seen all, and the mail is out. */
    private void awaitEnd(Cast cast) throws SQLException {
        if (!within(BOUND, () -> folded(cast.samples()))) {
            throw notEnded(BOUND);
        }
        if (!within(MAIL_BOUND, () -> mailed(cast.approved()))) {
            throw notEnded(MAIL_BOUND);
        }
    }

    private static FleetException notEnded(Duration bound) {
        return new FleetException("The orders that others shall be like have not ended after " + bound.toSeconds()
                + " s: './caravan audit' may tell why.");
    }

    private interface Look {
        boolean seen() throws SQLException;
    }

    private static boolean within(Duration bound, Look look) throws SQLException {
        long endNs = System.nanoTime() + bound.toNanos();
        while (!look.seen()) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }

    private boolean folded(List<UUID> orders) throws SQLException {
        return ask("sagas", CLOSED, orders) == orders.size()
                && ask("sagas", VERSIONS, orders) == ask("orders", SEQUENCES, orders);
    }

    private boolean mailed(List<UUID> approved) throws SQLException {
        if (ask("notifications", SENT, approved) == approved.size()) {
            return true;
        }
        if (System.nanoTime() - saidNs > SAY_EVERY.toNanos()) {
            saidNs = System.nanoTime();
            progress.say("%,d mails have to leave, theirs last".formatted(unsent()));
        }
        return false;
    }

    private long unsent() throws SQLException {
        try (Connection connection = target.connect("notifications");
                PreparedStatement statement = connection.prepareStatement(UNSENT)) {
            return number(statement);
        }
    }

    private long ask(String database, String sql, List<UUID> orders) throws SQLException {
        try (Connection connection = target.connect(database);
                PreparedStatement statement = prepared(connection, sql, orders)) {
            return number(statement);
        }
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, List<UUID> orders)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setArray(1, connection.createArrayOf("uuid", orders.toArray()));
        return statement;
    }
}
