package caravan.fleet.bench.engine;

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
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;

/**
 * The saga engine alone: orders come from their topic, and every participant answers at once. What it reads can be compared
 * with what other engines read with activities that do nothing; but each order here is six steps, each a command and a reply
 * through the broker.
 */
public final class EngineBench {

    private static final int PRODUCTS = 50;
    private static final String ENDED = "ended";

    private static final String STARTED_AT = """
            select id, (extract(epoch from started_at) * 1000000)::bigint as at
            from sagas where id between ? and ?""";

    private static final String ENDED_AT = "select id, " + Endings.COMMITTED_AT
            + " from sagas where id between ? and ? and phase in ('COMPLETED', 'COMPENSATED')";

    private static final String SUMS = """
            select count(*) as sagas, count(distinct order_id) as orders,
                   count(*) filter (where phase = 'COMPLETED') as completed,
                   count(*) filter (where phase = 'COMPENSATED') as compensated
            from sagas""";

    /**
     * A result, and whether it is one.
     *
     * @param violations what is wrong with the sagas, in sentences; empty when nothing is
     */
    public record Checked(BenchResult result, List<String> violations) {}

    private EngineBench() {}

    /** Runs what {@code options} ask for against an orchestrator that has no sagas yet, and audits them. */
    public static Checked run(Target target, BenchOptions options) {
        Progress progress = new Progress(options.json() ? System.err : System.out);
        Mix mix =
                new Mix(IntStream.range(0, PRODUCTS).mapToObj(i -> "BENCH-" + i).toList(), System.nanoTime());
        Vertx vertx = Load.eventLoop();
        try (Producer<String, byte[]> producer = Wire.producer(target.bootstrapServers());
                NoOps _ = new NoOps(target.bootstrapServers(), producer)) {
            PlacedOrders orders = new PlacedOrders(vertx, producer, mix);
            try (Load load = new Load(vertx, mix, orders)) {
                BenchResult result = Runs.of(target, options, progress, new Alone(target, load, orders));
                return new Checked(result, violations(target, orders.sent()));
            }
        }
    }

    private record Alone(Target target, Load load, PlacedOrders orders) implements Workload {

        @Override
        public Load.Sent run(Duration length, IntUnaryOperator rate) {
            return load.run(length, rate);
        }

        @Override
        public boolean awaitEnd(Duration bound) {
            return new Endings(target).await(underWay(orders.sent()), bound);
        }

        @Override
        public List<Reached> reached(List<Load.Order> accepted) {
            Endings endings = new Endings(target);
            return List.of(
                    Reached.accepted(accepted),
                    endings.reached("started", "sagas", STARTED_AT, accepted),
                    endings.reached(ENDED, "sagas", ENDED_AT, accepted));
        }

        @Override
        public String judgedBy() {
            return ENDED;
        }
    }

    /** Sagas are counted only when none is open: orders may still be in the topic then. */
    private static String underWay(long sent) {
        return """
            select case when exists (select 1 from sagas where check_at is not null) then 1
                        else %d - (select count(*) from sagas) end""".formatted(sent);
    }

    /** What can be audited of sagas alone: each order has one, and it has ended. */
    private static List<String> violations(Target target, long sent) {
        try (Connection connection = target.connect("sagas");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SUMS)) {
            row.next();
            long sagas = row.getLong("sagas");
            long ended = row.getLong("completed") + row.getLong("compensated");
            List<String> found = new ArrayList<>();
            if (sagas != sent || row.getLong("orders") != sent) {
                found.add("%,d orders were placed, and %,d sagas are there of %,d orders"
                        .formatted(sent, sagas, row.getLong("orders")));
            }
            if (ended != sagas) {
                found.add("%,d of %,d sagas have not ended".formatted(sagas - ended, sagas));
            }
            return found;
        } catch (SQLException e) {
            throw new FleetException("The sagas cannot be read: " + e.getMessage(), e);
        }
    }
}
