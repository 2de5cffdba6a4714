package caravan.fleet;

import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.Progress;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.gateway.GatewayBench;
import caravan.fleet.ledger.Ledger;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code ./caravan ledger}: a fleet on free ports, some orders that have ended, and then technique by technique. */
final class LedgerRun {
    private static final String DRY = "--dry-run";
    private static final String PAGE = "docs/patterns.md";

    /** Enough for an index to matter, few enough to be there in seconds; then a few real ones, for which compilers get warm. */
    private static final List<String> ORDERS =
            List.of("--prefill", "50000", "--rate", "20", "--seconds", "10", "--warm-up", "5");

    private static final long NEEDED_BYTES = 4_000L << 20;

    private LedgerRun() {}

    static int run(Arguments arguments, DataFolder folder) {
        arguments.words().stream().filter(word -> !word.equals(DRY)).findFirst().ifPresent(word -> {
            throw new FleetException("There is no option " + word + ": see './caravan help ledger'.");
        });
        Memory.require(NEEDED_BYTES, "A fleet for the ledger");
        Path checkout = Checkout.find().root();
        Progress progress = new Progress(System.err);
        DataFolder own = new DataFolder(folder.root().resolve("ledger"));
        try (Fleet fleet = start(own, progress)) {
            GatewayBench.run(
                    target(fleet, own),
                    URI.create(fleet.address("gateway")),
                    fleet.credentials().operator(),
                    BenchOptions.parse(ORDERS));
            boolean dry = arguments.words().contains(DRY);
            Ledger.measure(fleet, dry ? null : checkout.resolve(PAGE), progress::say)
                    .forEach(System.out::println);
            return 0;
        }
    }

    private static Fleet start(DataFolder folder, Progress progress) {
        Fleet fleet = Fleet.prepare(FleetOptions.forTests(folder.root()).withConsole(progress::say));
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "stop"));
        try {
            // Not before the fleet has its lock.
            DataFolder.delete(folder.root().resolve("data"));
            fleet.startAll();
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private static Target target(Fleet fleet, DataFolder folder) {
        return new Target(
                fleet.jdbcUrl(""),
                PostgresServer.USER,
                PostgresServer.PASSWORD,
                fleet.bootstrapServers(),
                Map::of,
                _ -> 0,
                folder.root().resolve("bench"));
    }
}
