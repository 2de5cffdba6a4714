package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder {@code observability}, as this fleet uses it: byte for byte what compose and Kubernetes mount, but for the targets, which are ports of this machine, and
 * the address of the receiver.
 */
record ObservabilityFiles(Path folder) {
    /** What {@code alertmanager.yml} calls the service that passes alerts on. */
    private static final String RECEIVER = "http://alert-receiver:9095";

    /** @throws FleetException when a file is missing or cannot be written */
    void prometheusFor(Ports ports, Path to) {
        Path from = folder.resolve("prometheus");
        try {
            DataFolder.delete(to);
            Files.createDirectories(to.resolve("rules"));
            Files.createDirectories(to.resolve("targets"));
            Files.copy(from.resolve("prometheus.yml"), to.resolve("prometheus.yml"));
            for (Path rules : rules(from.resolve("rules"))) {
                Files.copy(rules, to.resolve("rules").resolve(rules.getFileName()));
            }
            Files.writeString(to.resolve("targets/caravan.yml"), services(ports));
            Files.writeString(to.resolve("targets/alertmanager.yml"), target("alertmanager", ports.alertmanager()));
        } catch (IOException e) {
            throw cannotUse(e);
        }
    }

    /** @throws FleetException when the file is missing or cannot be written */
    void alertmanagerFor(Ports ports, Path to) {
        try {
            String text = Files.readString(folder.resolve("alertmanager/alertmanager.yml"));
            Files.writeString(to, text.replace(RECEIVER, "http://" + Sockets.HOST + ":" + ports.alerts()));
        } catch (IOException e) {
            throw cannotUse(e);
        }
    }

    private static List<Path> rules(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yml")).toList();
        }
    }

    /** Each is its module's only process: which one it is says the port. */
    private static String services(Ports ports) {
        return Ports.SERVICES.stream()
                .map(name -> target(name, ports.of(name).management()))
                .collect(Collectors.joining());
    }

    private static String target(String job, int port) {
        return "- labels: {job: %s}%n  targets: ['%s:%d']%n".formatted(job, Sockets.HOST, port);
    }

    private FleetException cannotUse(IOException e) {
        return new FleetException("Cannot use the configuration in " + folder + ": " + e.getMessage(), e);
    }
}
