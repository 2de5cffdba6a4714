package caravan.fleet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides who is told what {@link Prometheus} has found, by the routes that production has; here it is always {@link AlertLog}. A program of the system. */
final class Alertmanager implements Part {
    static final String NAME = "alertmanager";

    static final String HOW_TO_INSTALL = "'apt-get install prometheus prometheus-alertmanager' brings them";

    private static final String READY = "/-/ready";

    private final Ports ports;
    private final Path home;
    private final ObservabilityFiles files;

    Alertmanager(Ports ports, Path home, ObservabilityFiles files) {
        this.ports = ports;
        this.home = home;
        this.files = files;
    }

    static boolean installed() {
        return program().isPresent();
    }

    /** Debian's name first. */
    private static Optional<Path> program() {
        return Command.find("prometheus-alertmanager", "/usr/bin")
                .or(() -> Command.find(NAME, "/usr/local/bin", "/opt/homebrew/bin"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.alertmanager());
    }

    @Override
    public void prepare(Path log) {
        files.alertmanagerFor(ports, configuration());
    }

    @Override
    public List<String> command() {
        return List.of(
                program().map(Path::toString).orElse(NAME),
                "--config.file=" + configuration(),
                "--storage.path=" + home.resolve("data"),
                "--data.retention=120h",
                "--web.listen-address=" + Sockets.HOST + ":" + ports.alertmanager(),
                // Alone: no peers, and no port for them.
                "--cluster.listen-address=",
                "--log.level=warn");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("GOMEMLIMIT", "64MiB");
    }

    @Override
    public boolean ready() {
        return Probe.answers(ports.alertmanager(), READY);
    }

    private Path configuration() {
        return home.resolve("alertmanager.yml");
    }
}
