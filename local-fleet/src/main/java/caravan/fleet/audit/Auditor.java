package caravan.fleet.audit;

import caravan.audit.Money;
import caravan.audit.OrderFacts;
import caravan.audit.Question;
import caravan.audit.StockFacts;
import caravan.fleet.FleetException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** Checks every {@link caravan.audit.Invariant}. Reads only; may run beside a fleet at work, but only a quiet one can be fully judged. */
public final class Auditor {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration NETWORK_BOUND = Duration.ofSeconds(3);

    private static final String OPEN = "select count(*) from sagas where phase in ('RUNNING', 'UNDOING')";

    private static final String UNPROJECTED = """
            select count(*) from orders o join order_views v on v.order_id = o.id
            where o.status = 'PLACED' or v.status not in ('APPROVED', 'REJECTED', 'CANCELLED', 'NEEDS_ATTENTION')
               or (o.status = 'APPROVED' and o.cancel_requested_at is not null)""";

    /** Of orders of which nothing is forgotten: of the others nobody can say any more how much there was to see. */
    private static final String UNSAID = """
            select coalesce(sum(s.version), 0) from sagas s
            where exists (select from sagas p where p.id = s.order_id)""";

    private static final String SEEN = """
            select coalesce(sum(v.sequence), 0) from order_views v join orders o on o.id = v.order_id
            where o.forgotten_at is null""";

    /** What {@code ./caravan bench --prefill} made up: payments that the card network has never seen. */
    private static final String MADE_UP = "select coalesce(sum(kept_minor), 0) from bench.chunks";

    private static final String ANYTHING_MADE_UP = "select count(to_regclass('bench.chunks'))";

    private final Databases databases;
    private final String cardNetworkUrl;

    public Auditor(Databases databases, String cardNetworkUrl) {
        this.databases = databases;
        this.cardNetworkUrl = cardNetworkUrl;
    }

    /**
     * Waits until no saga is under way and the read model has caught up, at most {@code bound}.
     *
     * @return whether it has become quiet
     */
    public boolean settle(Duration bound) {
        long endNs = System.nanoTime() + bound.toNanos();
        while (!quiet()) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FleetException("Interrupted.", e);
            }
        }
        return true;
    }

    private boolean quiet() {
        try {
            return count("orders", UNPROJECTED) == 0
                    && count("sagas", OPEN) == 0
                    && count("sagas", UNSAID) == count("orders", SEEN);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /**
     * Reads every database once, in the order of the order ids.
     *
     * @throws FleetException when a database cannot be read
     */
    public Report audit() {
        Tally tally = new Tally();
        try {
            orders(tally);
            long pieces = stock(tally);
            money(tally, count("payments", ANYTHING_MADE_UP) == 0 ? 0 : count("payments", MADE_UP));
            return Report.of(tally, pieces);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private void orders(Tally tally) throws SQLException {
        try (OrderRows rows = new OrderRows(databases)) {
            for (Optional<OrderFacts> facts = rows.next(); facts.isPresent(); facts = rows.next()) {
                tally.add(facts.get());
            }
        }
    }

    /** Checks every product; gives the pieces reserved. */
    private long stock(Tally tally) throws SQLException {
        long reserved = 0;
        try (Connection connection = databases.connect("inventory");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(Question.STOCK)) {
            while (row.next()) {
                StockFacts product = stock(row);
                reserved += product.reserved();
                product.violations().forEach(tally::violated);
            }
        }
        return reserved;
    }

    private static StockFacts stock(ResultSet row) throws SQLException {
        return new StockFacts(
                row.getString("sku"),
                row.getLong("on_hand"),
                row.getLong("reserved"),
                row.getLong("shipped"),
                row.getLong("put_in"),
                row.getLong("promised"));
    }

    private void money(Tally tally, long madeUpMinor) {
        // While sagas are under way their captures belong to no approved order yet.
        if (tally.open > 0 || tally.stuck > 0) {
            return;
        }
        long kept = tally.capturedMinor - tally.refundedMinor;
        new Money(kept - tally.excusedMinor, tally.approvedMinor).judge("fleet").ifPresent(tally::violated);
        ledger().flatMap(ledger -> Money.agrees(
                        ledger.getLong("capturedMinor") - ledger.getLong("refundedMinor"), kept, madeUpMinor, "fleet"))
                .ifPresent(tally::violated);
    }

    /** Empty when the card network cannot be asked: it is somebody else's system. */
    private Optional<JsonObject> ledger() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(cardNetworkUrl + "/v1/ledger"))
                    .timeout(NETWORK_BOUND)
                    .build();
            String body =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return Optional.of(new JsonObject(body));
        } catch (IOException | DecodeException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private long count(String database, String sql) throws SQLException {
        try (Connection connection = databases.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static FleetException unreadable(SQLException e) {
        return new FleetException(
                "The databases cannot be read (" + e.getMessage() + "). Is the fleet up? './caravan status' tells.", e);
    }
}
