package caravan.fleet.ledger;

import caravan.fleet.FleetException;
import caravan.fleet.OrderBody;
import caravan.fleet.PostgresServer;
import caravan.fleet.bench.Latency;
import caravan.fleet.ledger.Ground.Variant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** The layer data: replica, pooler, read model, indexes. */
final class DataTechniques {

    private static final String ORDERS = "/api/v1/orders";
    private static final String ORDERS_DATABASE = "orders";

    private static final int READS = 2_000;
    private static final int AT_ONCE = 16;
    private static final int OWN_ORDERS = 20;
    private static final int CLIENTS = 1_000;
    private static final int CONNECTING_AT_ONCE = 50;
    private static final int REPEATS = 200;
    private static final int PAGE = 20;
    private static final int MOST_LOOKS = 120;
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** A customer of the prefill: they have thousands of orders each. */
    private static final String BUSIEST =
            "select customer_id from order_views group by customer_id order by count(*) desc limit 1";

    private static final String VIEWS = """
            select document from order_views where customer_id = ? order by created_at desc, order_id desc limit\s""" + PAGE;

    private static final String WRITE_MODEL = """
            select o.id, o.status, o.total_minor, o.placed_at, l.sku, l.quantity, l.unit_price_minor
            from (select * from orders where customer_id = ? order by placed_at desc, id desc limit %d) o
            join order_lines l on l.order_id = o.id""".formatted(PAGE);

    private static final List<Part> PARTS = List.of(
            new Part("payments", "select * from payments where order_id = any(?)"),
            new Part("shipments", "select * from shipments where order_id = any(?)"),
            new Part("sagas", "select * from saga_steps where saga_id = any(?)"));

    /** What a page of orders needs from another service's database. */
    private record Part(String database, String sql) {}

    private final Ground ground;

    DataTechniques(Ground ground) {
        this.ground = ground;
    }

    List<Finding> all() throws SQLException {
        return List.of(replica(), pooler(), readModel(), compositeIndex(), partialIndex());
    }

    private Finding replica() throws SQLException {
        String token = ground.accessToken(ground.fleet().credentials().customer());
        List<String> own = placed(token);
        awaitReplica();
        String with = reads(ground.fleet().address("order-service"), token, own);
        try (Variant off = ground.variant("order-service", "CARAVAN_ORDER_REPLICA_ENABLED", "false")) {
            return new Finding(
                    "reads on a replica",
                    "`caravan.order.replica.enabled`",
                    "transactions of the primary for 1,000 `GET /orders/{id}`; p50",
                    with,
                    reads(off.address(), token, own));
        }
    }

    /** It has much to catch up with after so many orders at once. */
    private void awaitReplica() {
        String management = ground.fleet().managementAddress("order-service");
        for (int i = 0; ground.counts().meter(management, "replica_in_rotation") != 1; i++) {
            if (i == MOST_LOOKS) {
                throw new FleetException("The replica is not in the rotation after a minute.");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private List<String> placed(String token) {
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < OWN_ORDERS; i++) {
            JsonObject body = OrderBody.of(new JsonArray().add(OrderBody.line("TEA-EARL-GREY", 1)), "GB", "tok_ok");
            String answer = ground.crowd()
                    .one(Crowd.post(ground.fleet().address("gateway"), ORDERS, body.encode())
                            .header("Authorization", "Bearer " + token)
                            .header("Idempotency-Key", UUID.randomUUID().toString()))
                    .body();
            orders.add(ORDERS + "/" + new JsonObject(answer).getString("id"));
        }
        return orders;
    }

    private String reads(String address, String token, List<String> orders) throws SQLException {
        ask(address, token, orders);
        try (Connection primary = ground.database(ORDERS_DATABASE)) {
            long before = Counts.transactions(primary);
            Latency latency = ask(address, token, orders);
            long after = Counts.transactions(primary);
            return "%,d; %s".formatted(Math.round((after - before) * 1000.0 / READS), CacheTechniques.millis(latency));
        }
    }

    private Latency ask(String address, String token, List<String> orders) {
        return ground.crowd()
                .ask(
                        READS,
                        AT_ONCE,
                        number -> Crowd.get(address, orders.get(number % orders.size()))
                                .header("Authorization", "Bearer " + token));
    }

    private Finding pooler() throws SQLException {
        return new Finding(
                "PgBouncer in transaction mode",
                "`./caravan up --without pgbouncer`",
                "of %,d clients that hold a connection and use it at once: served; connections of PostgreSQL"
                        .formatted(CLIENTS),
                clients("jdbc:" + ground.fleet().poolerUrl(ORDERS_DATABASE)),
                clients(ground.fleet().jdbcUrl(ORDERS_DATABASE)));
    }

    /** All hold their connections until all have had their turn. Who is refused is not served. */
    private static String clients(String url) {
        List<Connection> connections = connect(url);
        Set<Integer> backends = new LinkedHashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = connections.stream()
                    .map(connection -> threads.submit(() -> backend(connection)))
                    .toList();
            List<Integer> served =
                    answers.stream().flatMap(answer -> given(answer).stream()).toList();
            backends.addAll(served);
            return "%,d; %,d".formatted(served.size(), backends.size());
        } finally {
            connections.forEach(DataTechniques::close);
        }
    }

    private static <T> Optional<T> given(Future<T> answer) {
        try {
            return Optional.of(answer.get());
        } catch (ExecutionException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private static List<Connection> connect(String url) {
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTING_AT_ONCE)) {
            List<Future<Connection>> attempts = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                attempts.add(threads.submit(() -> DriverManager.getConnection(
                        url + "?prepareThreshold=0", PostgresServer.USER, PostgresServer.PASSWORD)));
            }
            return attempts.stream().flatMap(attempt -> given(attempt).stream()).toList();
        }
    }

    private static int backend(Connection connection) throws SQLException {
        return (int) Counts.number(connection, "select pg_backend_pid() from pg_sleep(0.01)");
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException _) {
            // It is gone already.
        }
    }

    private Finding readModel() throws SQLException {
        UUID customer = busiest();
        try (Connection orders = ground.database(ORDERS_DATABASE)) {
            double with = millis(orders, VIEWS, customer);
            double without = millis(orders, WRITE_MODEL, customer);
            List<UUID> page = ids(orders, customer);
            for (Part part : PARTS) {
                try (Connection database = ground.database(part.database())) {
                    without += millis(database, part.sql(), database.createArrayOf("uuid", page.toArray()));
                }
            }
            return new Finding(
                    "CQRS: one denormalised row an order",
                    "none: it is what the API reads",
                    "a page of %d orders from the database: statements; mean time".formatted(PAGE),
                    "1; " + text(with),
                    "%d in 4 databases; %s".formatted(1 + PARTS.size(), text(without)));
        }
    }

    private UUID busiest() throws SQLException {
        try (Connection orders = ground.database(ORDERS_DATABASE);
                Statement statement = orders.createStatement();
                ResultSet row = statement.executeQuery(BUSIEST)) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    private static List<UUID> ids(Connection orders, UUID customer) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (PreparedStatement statement = orders.prepareStatement(
                "select id from orders where customer_id = ? order by placed_at desc, id desc limit " + PAGE)) {
            statement.setObject(1, customer);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getObject(1, UUID.class));
                }
            }
        }
        return ids;
    }

    private Finding compositeIndex() throws SQLException {
        try (Connection orders = ground.database(ORDERS_DATABASE)) {
            UUID customer = busiest();
            return new Finding(
                    "composite index (customer, time, id)",
                    "`drop index order_views_by_customer` (the ledger rolls it back)",
                    "`GET /orders`: mean time of its statement over %,d orders"
                            .formatted(Counts.number(orders, "select count(*) from order_views")),
                    text(millis(orders, VIEWS, customer)),
                    without(orders, "order_views_by_customer", VIEWS, customer));
        }
    }

    private Finding partialIndex() throws SQLException {
        String due = "select id from sagas where check_at <= now() + ?::interval order by check_at limit 100";
        try (Connection sagas = ground.database("sagas")) {
            return new Finding(
                    "partial index (open sagas by deadline)",
                    "`drop index sagas_check_at` (the ledger rolls it back)",
                    "the sweeper's look for due sagas: mean time over %,d sagas"
                            .formatted(Counts.number(sagas, "select count(*) from sagas")),
                    text(millis(sagas, due, "1 s")),
                    without(sagas, "sagas_check_at", due, "1 s"));
        }
    }

    private static String without(Connection connection, String index, String sql, Object argument)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop index " + index);
            return text(millis(connection, sql, argument));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static double millis(Connection connection, String sql, Object argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, argument);
            // Until the plan is cached, and the pages are.
            run(statement, REPEATS / 10);
            long startNs = System.nanoTime();
            run(statement, REPEATS);
            return (System.nanoTime() - startNs) / 1e6 / REPEATS;
        }
    }

    private static void run(PreparedStatement statement, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    rows.getObject(1);
                }
            }
        }
    }

    private static String text(double millis) {
        return String.format(Locale.ROOT, "%.2f ms", millis);
    }
}
