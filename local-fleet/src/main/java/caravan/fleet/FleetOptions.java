package caravan.fleet;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a fleet is started with.
 *
 * @param folder holds data, logs and what runs now; one fleet at a time
 * @param without services whose place stays free, and what of {@link #SERVANTS} is not wanted
 * @param environment added to that of every service, after what the fleet sets itself
 * @param console takes each line of progress, from any thread
 * @param tracing whether every request is recorded and a {@link TraceSink} keeps the spans
 */
public record FleetOptions(
        Path folder,
        Path checkout,
        Ports ports,
        Set<String> without,
        Map<String, String> environment,
        Consumer<String> console,
        boolean tracing) {
    /** Parts that are there for some of the services only, or that a fleet can do without. */
    static final Set<String> SERVANTS = Set.of("redis", "card-network", "mail", PostgresReplica.NAME, PgBouncer.NAME);

    public FleetOptions {
        without = Set.copyOf(without);
        environment = Map.copyOf(environment);
        without.stream().filter(name -> !SERVANTS.contains(name)).forEach(ports::of);
    }

    /** Untraced. */
    public FleetOptions(
            Path folder,
            Path checkout,
            Ports ports,
            Set<String> without,
            Map<String, String> environment,
            Consumer<String> console) {
        this(folder, checkout, ports, without, environment, console, false);
    }

    /** All services of the checkout around the working directory on free ports: what tests want. Silent. */
    public static FleetOptions forTests(Path folder) {
        return new FleetOptions(folder, Checkout.find().root(), Ports.free(), Set.of(), Map.of(), _ -> {});
    }

    /** Whether the services reach their databases through PgBouncer. */
    boolean pooled() {
        return !without.contains(PgBouncer.NAME) && PgBouncer.installed();
    }

    boolean replicated() {
        return !without.contains(PostgresReplica.NAME);
    }

    public FleetOptions without(String... services) {
        return new FleetOptions(folder, checkout, ports, Set.of(services), environment, console, tracing);
    }

    public FleetOptions withPorts(Ports other) {
        return new FleetOptions(folder, checkout, other, without, environment, console, tracing);
    }

    public FleetOptions withEnvironment(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new FleetOptions(folder, checkout, ports, without, more, console, tracing);
    }

    public FleetOptions withConsole(Consumer<String> other) {
        return new FleetOptions(folder, checkout, ports, without, environment, other, tracing);
    }

    public FleetOptions traced() {
        return new FleetOptions(folder, checkout, ports, without, environment, console, true);
    }
}
