package caravan.fleet.bench.gateway;

import caravan.fleet.Credentials;
import caravan.fleet.FleetException;
import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.BenchResult;
import caravan.fleet.bench.Endings;
import caravan.fleet.bench.Load;
import caravan.fleet.bench.Mix;
import caravan.fleet.bench.Progress;
import caravan.fleet.bench.Reached;
import caravan.fleet.bench.Runs;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.Workload;
import caravan.fleet.bench.gateway.Customers.Customer;
import caravan.fleet.prefill.Prefill;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * The whole fleet through its gateway, with real sessions. The caller audits afterwards: a run with a broken invariant is no
 * result.
 */
public final class GatewayBench {

    /** Each customer may send ten requests a second; some room, as arrivals come in bunches. */
    private static final double REQUESTS_A_CUSTOMER = 8;

    private static final String DECIDED = "decided";

    private static final String DECIDED_AT =
            "select id, " + Endings.COMMITTED_AT + " from orders where id between ? and ? and status <> 'PLACED'";

    private static final String SHOWN_AT =
            "select order_id as id, " + Endings.COMMITTED_AT + " from order_views where order_id between ? and ?";

    /** The oldest: with a prefill they are days old, and nobody has their pages in memory. */
    private static final String OLD = """
            select order_id from order_views where customer_id = ? order by created_at, order_id limit 20""";

    private final Target target;
    private final URI gateway;
    private final BenchOptions options;
    private final Progress progress;
    private final Door door;

    private GatewayBench(Target target, URI gateway, BenchOptions options, Door door) {
        this.target = target;
        this.gateway = gateway;
        this.options = options;
        this.progress = new Progress(options.json() ? System.err : System.out);
        this.door = door;
    }

    /**
     * Runs what {@code options} ask for against a fleet that is up; traffic goes to its gateway only.
     *
     * @throws FleetException when the fleet cannot be used, with what to do
     */
    public static BenchResult run(Target target, URI gateway, Credentials.Login operator, BenchOptions options) {
        // Where no fleet is up, this says so.
        var _ = target.processes().get();
        try (Door door = new Door(gateway)) {
            return new GatewayBench(target, gateway, options, door).run(operator);
        }
    }

    private BenchResult run(Credentials.Login operator) {
        Prefill prefill = new Prefill(target::connect, target.folder(), progress::say);
        if (options.prefill() > 0) {
            prefill.require(options.prefill());
        }
        Mix mix = new Mix(new Shelves(target, door, progress).stockUp(operator), System.nanoTime());
        int count = (int) Math.ceil((options.highestRate() + Reads.TOKENS_A_SECOND) / REQUESTS_A_CUSTOMER);
        List<Customer> customers = new Customers(door, target.folder(), progress).sessions(count);
        if (options.prefill() > 0) {
            prefill.fill(options.prefill(), () -> new Samples(target, door, mix, customers, progress).place());
        }
        Vertx vertx = Load.eventLoop();
        Requests requests = new Requests(vertx, gateway);
        try (Load load = new Load(vertx, mix, new Orders(requests, customers, mix))) {
            return Runs.of(target, options, progress, new AtTheDoor(load, vertx, requests, customers));
        }
    }

    private final class AtTheDoor implements Workload {

        private final Endings endings = new Endings(target);
        private final Load load;
        private final Vertx vertx;
        private final Requests requests;
        private final List<Customer> customers;

        AtTheDoor(Load load, Vertx vertx, Requests requests, List<Customer> customers) {
            this.load = load;
            this.vertx = vertx;
            this.requests = requests;
            this.customers = customers;
        }

        /** A young fleet may have been too slow for its own guards: the door waits as long as it is told to. */
        @Override
        public void awaitReady() {
            door.get("/api/v1/orders/none", customers.getFirst().accessToken());
        }

        @Override
        public Load.Sent run(Duration length, IntUnaryOperator rate) {
            Reads.Sampling reads = new Reads(vertx, requests, customers, oldOrders(customers)).start();
            Load.Sent sent = load.run(length, rate);
            return sent.with(reads.end());
        }

        @Override
        public boolean awaitEnd(Duration bound) {
            return endings.await(Endings.OPEN, bound);
        }

        @Override
        public List<Reached> reached(List<Load.Order> accepted) {
            return List.of(
                    Reached.accepted(accepted),
                    endings.reached(DECIDED, "orders", DECIDED_AT, accepted),
                    endings.reached("ended", "orders", SHOWN_AT, accepted));
        }

        @Override
        public String judgedBy() {
            return DECIDED;
        }
    }

    private List<Reads.Known> oldOrders(List<Customer> customers) {
        List<Reads.Known> known = new ArrayList<>();
        try (Connection connection = target.connect("orders");
                PreparedStatement statement = connection.prepareStatement(OLD)) {
            for (Customer customer : customers) {
                statement.setObject(1, customer.id());
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        known.add(new Reads.Known(customer, row.getObject(1, UUID.class)));
                    }
                }
            }
            return known;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static FleetException unreadable(SQLException e) {
        return new FleetException(
                "The databases cannot be read (" + e.getMessage() + "). Is the fleet up? './caravan status' tells.", e);
    }
}
