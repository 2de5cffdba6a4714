package caravan.fleet.bench;

import caravan.fleet.FleetException;
import caravan.fleet.bench.Customers.Customer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Warm-up, runs, and what they cost. The caller audits afterwards: a run with a broken invariant is no result. */
public final class Bench {

    /** Each customer may send ten requests a second; some room, as arrivals come in bunches. */
    private static final double ORDERS_A_CUSTOMER = 8;

    private static final int HIGHEST_SEARCHED = 2_000;
    private static final int FIRST_SEARCHED = 20;
    /** The search ends when the highest that held and the lowest that did not are so near. */
    private static final double NEAR = 1.1;

    private static final Duration PROBE = Duration.ofSeconds(10);
    private static final int FINAL_TRIES = 3;
    private static final int TENTH = 10;
    private static final Duration DRAIN = Duration.ofMinutes(2);
    private static final int ENOUGH_PIECES = 500_000;
    private static final int DELIVERY = 1_000_000;
    private static final String SOLD_OUT = "SOLD-OUT";

    private final Target target;
    private final BenchOptions options;
    private final Progress progress;
    private final Endings endings;
    private final List<Outcome> outcomes = new ArrayList<>();

    private Bench(Target target, BenchOptions options) {
        this.target = target;
        this.options = options;
        this.progress = new Progress(options.json() ? System.err : System.out);
        this.endings = new Endings(target);
    }

    /**
     * Runs what {@code options} ask for against a fleet that is up; traffic goes to its gateway only.
     *
     * @throws FleetException when the fleet cannot be used, with what to do
     */
    public static BenchResult run(Target target, BenchOptions options) {
        return new Bench(target, options).run();
    }

    private BenchResult run() {
        // Where no fleet is up, this says so.
        var _ = target.processes().get();
        int highest = options.rates().stream().mapToInt(rate -> rate).max().orElse(HIGHEST_SEARCHED);
        try (Door door = new Door(target.gateway())) {
            Mix mix = new Mix(stockUp(door), System.nanoTime());
            List<Customer> customers = new Customers(door, target.folder(), progress)
                    .sessions((int) Math.ceil(highest / ORDERS_A_CUSTOMER));
            try (Load load = new Load(target.gateway(), customers, mix)) {
                warmUp(
                        load,
                        options.rates().stream().mapToInt(rate -> rate).min().orElse(FIRST_SEARCHED));
                // A young fleet may have been too slow for its own guards: the door waits as long as it is told to.
                door.get("/api/v1/orders/none", customers.getFirst().accessToken());
                if (options.rates().isEmpty()) {
                    search(load);
                } else {
                    options.rates().forEach(rate -> measure(load, rate, options.length()));
                }
            }
        }
        return new BenchResult(List.copyOf(outcomes), residentMegabytes());
    }

    /** Doubles until it does not hold, halves the interval, then the long run and one at a tenth of its rate. */
    private void search(Load load) {
        int held = 0;
        int failed = HIGHEST_SEARCHED;
        for (int rate = FIRST_SEARCHED; rate < failed; rate *= 2) {
            if (!measure(load, rate, PROBE).held()) {
                failed = rate;
            } else {
                held = rate;
            }
        }
        for (int middle = between(held, failed); middle > held; middle = between(held, failed)) {
            if (measure(load, middle, PROBE).held()) {
                held = middle;
            } else {
                failed = middle;
            }
        }
        if (held == 0) {
            progress.say("not even %d orders/s are held: is the machine busy, or the fleet young? Try --warm-up 120."
                    .formatted(FIRST_SEARCHED));
            return;
        }
        for (int i = 0; i < FINAL_TRIES; i++) {
            if (measure(load, held, options.length()).held()) {
                measure(load, Math.max(1, held / TENTH), options.length());
                return;
            }
            held = round((int) (held / NEAR));
        }
    }

    /** A rate between the highest that held and the lowest that did not; {@code held} when they are near enough. */
    static int between(int held, int failed) {
        return held == 0 || failed <= held * NEAR ? held : Math.max(held, round((held + failed) / 2));
    }

    private static int round(int rate) {
        return Math.max(10, rate / 10 * 10);
    }

    private void warmUp(Load load, int rate) {
        int seconds = (int) options.warmUp().toSeconds();
        if (seconds == 0) {
            return;
        }
        progress.say("warm-up: %d s, up to %d orders/s".formatted(seconds, rate));
        load.run(options.warmUp(), second -> Math.max(1, rate * (second + 1) / seconds));
        drain();
    }

    private Outcome measure(Load load, int rate, Duration length) {
        progress.say("%d orders/s for %d s".formatted(rate, length.toSeconds()));
        Costs before = Costs.now(target);
        IntUnaryOperator steady = _ -> rate;
        Load.Sent sent = load.run(length, steady);
        boolean ended = drain();
        Costs costs = Costs.now(target).since(before);
        Outcome outcome =
                Outcome.of(rate, sent, endings.decided(sent.accepted()), endings.shown(sent.accepted()), costs);
        outcomes.add(outcome);
        progress.say(String.format(
                Locale.ROOT,
                "  %s: %d accepted, %.0f decided/s, decision p50 %.0f ms, p99 %.0f ms, %.2f CPU ms an order%s%s",
                outcome.held() ? "held" : "NOT held",
                outcome.accepted(),
                outcome.decidedPerSecond(),
                outcome.decision().p50(),
                outcome.decision().p99(),
                outcome.cpuMillisPerOrder(),
                sent.refused().isEmpty() ? "" : ", refused " + sent.refused(),
                ended ? "" : "; orders were still under way after " + DRAIN.toSeconds() + " s"));
        return outcome;
    }

    private boolean drain() {
        return endings.await(DRAIN);
    }

    /** Real pieces, delivered by the operator: nothing that is ordered here shall be sold out. */
    private List<String> stockUp(Door door) {
        JsonObject body = new JsonObject()
                .put("email", target.operator().email())
                .put("password", target.operator().password());
        String token = Door.ok(door.json("/auth/login", "198.18.255.1", body)).getString("access_token");
        JsonArray products =
                Door.ok(door.get("/api/v1/products?limit=100", token)).getJsonArray("items");
        List<String> skus = products.stream()
                .map(product -> ((JsonObject) product).getString("sku"))
                .filter(sku -> !sku.equals(SOLD_OUT))
                .toList();
        List<String> low = low();
        if (!low.isEmpty()) {
            progress.say("%d products get %,d pieces each".formatted(low.size(), DELIVERY));
        }
        low.forEach(sku -> Door.ok(
                door.post("/api/v1/products/" + sku + "/stock", token, new JsonObject().put("delta", DELIVERY))));
        return skus;
    }

    private List<String> low() {
        try (Connection connection = target.connect("inventory");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sku from stock where on_hand < " + ENOUGH_PIECES
                        + " and sku <> '" + SOLD_OUT + "' order by sku")) {
            List<String> low = new ArrayList<>();
            while (row.next()) {
                low.add(row.getString(1));
            }
            return low;
        } catch (SQLException e) {
            throw new FleetException(
                    "The databases cannot be read (" + e.getMessage() + "). Is the fleet up? './caravan status' tells.",
                    e);
        }
    }

    private double residentMegabytes() {
        long bytes = target.processes().get().values().stream()
                .flatMap(List::stream)
                .mapToLong(target.residentBytes())
                .sum();
        return bytes / 1048576.0;
    }
}
