package caravan.fleet;

import caravan.fleet.FleetState.PartState;
import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.BenchResult;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.engine.EngineBench;
import caravan.fleet.bench.gateway.GatewayBench;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./caravan bench}: load on a running fleet or on the engine alone, then the audit. */
final class Benchmark {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Arguments arguments;
    private final DataFolder folder;
    private final BenchOptions options;
    /** Progress and findings; with {@code --json} the result alone is on standard output. */
    private final PrintStream out;

    private Benchmark(Arguments arguments, DataFolder folder) {
        this.arguments = arguments;
        this.folder = folder;
        this.options = BenchOptions.parse(arguments.words());
        this.out = options.json() ? System.err : System.out;
    }

    /** Exit code 0 when all invariants hold, whatever the figures are. */
    static int run(Arguments arguments, DataFolder folder) {
        Benchmark benchmark = new Benchmark(arguments, folder);
        return benchmark.options.engineOnly() ? benchmark.ofEngine() : benchmark.ofFleet();
    }

    private int ofFleet() {
        Ports ports = arguments.ports();
        Target target = target(
                folder,
                "jdbc:postgresql://" + Sockets.HOST + ":" + ports.postgresql() + "/",
                Sockets.HOST + ":" + ports.kafka());
        BenchResult result = GatewayBench.run(
                target, URI.create(ports.url("gateway")), Credentials.of(folder).operator(), options);
        show(result);
        return end(result, Audit.run(arguments, out) == 0);
    }

    private int ofEngine() {
        DataFolder engine = new DataFolder(folder.root().resolve("engine"));
        try (Fleet fleet = EngineFleet.start(engine, out::println)) {
            Target target = target(engine, fleet.jdbcUrl(""), fleet.bootstrapServers());
            EngineBench.Checked checked = EngineBench.run(target, options);
            show(checked.result());
            out.println(
                    checked.violations().isEmpty()
                            ? "Each order has one saga, and each saga has ended.\n"
                            : String.join("\n", checked.violations()));
            return end(checked.result(), checked.violations().isEmpty());
        }
    }

    private Target target(DataFolder of, String jdbcUrl, String bootstrapServers) {
        return new Target(
                jdbcUrl,
                PostgresServer.USER,
                PostgresServer.PASSWORD,
                bootstrapServers,
                () -> processes(of),
                Memory::residentBytes,
                folder.root().resolve("bench"));
    }

    private void show(BenchResult result) {
        if (!options.json()) {
            out.println(result.text());
        }
    }

    private int end(BenchResult result, boolean clean) {
        String json = result.json(clean);
        Path saved = save(json, result.svg());
        System.out.println(options.json() ? json : "Saved as " + saved + ".json and .svg");
        if (!clean) {
            System.err.println("caravan: an invariant is broken: these figures are no result.");
        }
        return clean ? 0 : 1;
    }

    private static Map<String, List<ProcessHandle>> processes(DataFolder folder) {
        FleetState state = FleetState.read(folder)
                .orElseThrow(() -> new FleetException("Caravan is not running: './caravan up --detach' starts it."));
        Map<String, List<ProcessHandle>> processes = new LinkedHashMap<>();
        FleetLock.holder(folder)
                // The engine's is this process, which is counted as the load.
                .filter(supervisor ->
                        supervisor.pid() != ProcessHandle.current().pid())
                .ifPresent(supervisor -> processes.put("supervisor, simulators", List.of(supervisor)));
        for (PartState part : state.parts()) {
            ProcessHandle.of(part.pid())
                    .ifPresent(process -> processes.put(part.name(), PartProcesses.of(part.name(), process)));
        }
        return processes;
    }

    private Path save(String json, String svg) {
        String name = (options.engineOnly() ? "engine-" : "") + NAME.format(LocalDateTime.now(ZoneOffset.UTC));
        Path saved = folder.root().resolve("bench").resolve(name);
        try {
            Files.createDirectories(folder.root().resolve("bench"));
            Files.writeString(saved.resolveSibling(name + ".json"), json);
            Files.writeString(saved.resolveSibling(name + ".svg"), svg);
            return saved;
        } catch (IOException e) {
            throw new FleetException("Cannot write " + saved + ": " + e.getMessage(), e);
        }
    }
}
