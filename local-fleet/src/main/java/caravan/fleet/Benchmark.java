package caravan.fleet;

import caravan.fleet.FleetState.PartState;
import caravan.fleet.bench.Bench;
import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.BenchResult;
import caravan.fleet.bench.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ./caravan bench}: load on a running fleet, then the audit. */
final class Benchmark {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private Benchmark() {}

    /** Exit code 0 when all invariants hold, whatever the figures are. */
    static int run(Arguments arguments, DataFolder folder) {
        BenchOptions options = BenchOptions.parse(arguments.words());
        BenchResult result = Bench.run(target(arguments, folder), options);
        if (!options.json()) {
            System.out.println(result.text());
        }
        boolean clean = Audit.run(arguments, options.json() ? System.err : System.out) == 0;
        String json = result.json(clean);
        Path saved = save(folder, json, result.svg());
        if (options.json()) {
            System.out.println(json);
        } else {
            System.out.println("Saved as " + saved + ".json and .svg");
        }
        if (!clean) {
            System.err.println("caravan: an invariant is broken: these figures are no result.");
        }
        return clean ? 0 : 1;
    }

    private static Target target(Arguments arguments, DataFolder folder) {
        Ports ports = arguments.ports();
        return new Target(
                URI.create(ports.url("gateway")),
                "jdbc:postgresql://" + Sockets.HOST + ":" + ports.postgresql() + "/",
                PostgresServer.USER,
                PostgresServer.PASSWORD,
                Sockets.HOST + ":" + ports.kafka(),
                Credentials.of(folder).operator(),
                () -> processes(folder),
                Memory::residentBytes,
                folder.root().resolve("bench"));
    }

    private static Map<String, List<ProcessHandle>> processes(DataFolder folder) {
        FleetState state = FleetState.read(folder)
                .orElseThrow(() -> new FleetException("Caravan is not running: './caravan up --detach' starts it."));
        Map<String, List<ProcessHandle>> processes = new LinkedHashMap<>();
        FleetLock.holder(folder).ifPresent(supervisor -> processes.put("supervisor, simulators", List.of(supervisor)));
        for (PartState part : state.parts()) {
            ProcessHandle.of(part.pid())
                    .ifPresent(process -> processes.put(part.name(), PartProcesses.of(part.name(), process)));
        }
        return processes;
    }

    private static Path save(DataFolder folder, String json, String svg) {
        Path name = folder.root().resolve("bench").resolve(NAME.format(LocalDateTime.now(java.time.ZoneOffset.UTC)));
        try {
            Files.createDirectories(folder.root().resolve("bench"));
            Files.writeString(name.resolveSibling(name.getFileName() + ".json"), json);
            Files.writeString(name.resolveSibling(name.getFileName() + ".svg"), svg);
            return name;
        } catch (IOException e) {
            throw new FleetException("Cannot write " + name + ": " + e.getMessage(), e);
        }
    }
}
