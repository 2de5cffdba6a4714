package caravan.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prometheus with the rules that production has, over the services of this fleet. A program of the system, like {@link PgBouncer}: a fleet does without where it is
 * not installed, and loses nothing but its history when it ends.
 */
final class Prometheus implements Part {
    static final String NAME = "prometheus";

    private static final String READY = "/-/ready";

    private final Ports ports;
    private final Path home;
    private final ObservabilityFiles files;

    /** @param home for its copy of the configuration, and its data */
    Prometheus(Ports ports, Path home, ObservabilityFiles files) {
        this.ports = ports;
        this.home = home;
        this.files = files;
    }

    static boolean installed() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return Command.find(NAME, "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(ports.prometheus());
    }

    @Override
    public void prepare(Path log) {
        files.prometheusFor(ports, configuration());
    }

    @Override
    public List<String> command() {
        return List.of(
                program().map(Path::toString).orElse(NAME),
                "--config.file=" + configuration().resolve("prometheus.yml"),
                "--storage.tsdb.path=" + home.resolve("tsdb"),
                // Twice the longest window of an alert. A day of this fleet is some 50 MB.
                "--storage.tsdb.retention.time=6d",
                "--storage.tsdb.retention.size=512MB",
                "--web.listen-address=" + Sockets.HOST + ":" + ports.prometheus(),
                "--enable-feature=exemplar-storage",
                // One person looks.
                "--query.max-concurrency=4",
                "--query.timeout=30s",
                "--log.level=warn");
    }

    /** Go collects harder before it takes more than this; some thousand series need a third of it. */
    @Override
    public Map<String, String> environment() {
        return Map.of("GOMEMLIMIT", "256MiB");
    }

    @Override
    public boolean ready() {
        return Probe.answers(ports.prometheus(), READY);
    }

    /** It writes its head to the disk. */
    @Override
    public Duration stopBound() {
        return Duration.ofSeconds(20);
    }

    private Path configuration() {
        return home.resolve("configuration");
    }
}
