package caravan.fleet;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet is started with.
 *
 * @param folder holds data, logs and what runs now; one fleet at a time
 * @param without services whose place stays free, and what of {@link #SERVANTS} is not wanted
 * @param environment added to that of every service, after what the fleet sets itself
 * @param observability configuration for Prometheus and Alertmanager, which are started when it is given; laid out like the checkout's folder of that name
 * @param tracing whether every request is recorded and a {@link TraceSink} keeps the spans
 * @param exposure what makes it breakable from outside, if anything
 * @param console takes each line of progress, from any thread
 */
public record FleetOptions(
        Path folder,
        Path checkout,
        Ports ports,
        Set<String> without,
        Map<String, String> environment,
        @Nullable Path observability,
        boolean tracing,
        @Nullable Exposure exposure,
        Consumer<String> console) {
    /** Parts that are there for some of the services only, or that a fleet can do without. */
    static final Set<String> SERVANTS = Set.of("redis", "card-network", "mail", PostgresReplica.NAME, PgBouncer.NAME);

    public FleetOptions {
        without = Set.copyOf(without);
        environment = Map.copyOf(environment);
        without.stream().filter(name -> !SERVANTS.contains(name)).forEach(ports::of);
    }

    /** Without anything that looks on. */
    public FleetOptions(
            Path folder,
            Path checkout,
            Ports ports,
            Set<String> without,
            Map<String, String> environment,
            Consumer<String> console) {
        this(folder, checkout, ports, without, environment, null, false, null, console);
    }

    /** All services of the checkout around the working directory on free ports: what tests want. Silent. */
    public static FleetOptions forTests(Path folder) {
        return new FleetOptions(folder, Checkout.find().root(), Ports.free(), Set.of(), Map.of(), _ -> {});
    }

    /** Whether the services reach their databases through PgBouncer. */
    public boolean pooled() {
        return !without.contains(PgBouncer.NAME) && PgBouncer.installed();
    }

    public boolean replicated() {
        return !without.contains(PostgresReplica.NAME);
    }

    /** Whether somebody looks on who can: both programs are wanted, and there. */
    boolean watched() {
        return observability != null && Prometheus.installed() && Alertmanager.installed();
    }

    /** With Prometheus and Alertmanager, where they are installed, and the checkout's rules. */
    public FleetOptions observed() {
        return observedBy(new Checkout(checkout).observability());
    }

    /** The same with rules of one's own. */
    public FleetOptions observedBy(Path configuration) {
        return new FleetOptions(
                folder, checkout, ports, without, environment, configuration, tracing, exposure, console);
    }

    public FleetOptions without(String... services) {
        return new FleetOptions(
                folder, checkout, ports, Set.of(services), environment, observability, tracing, exposure, console);
    }

    public FleetOptions withEnvironment(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(name, value);
        return new FleetOptions(folder, checkout, ports, without, more, observability, tracing, exposure, console);
    }

    public FleetOptions withConsole(Consumer<String> other) {
        return new FleetOptions(folder, checkout, ports, without, environment, observability, tracing, exposure, other);
    }

    /** With every request recorded, and a {@link TraceSink}. */
    public FleetOptions traced() {
        return new FleetOptions(folder, checkout, ports, without, environment, observability, true, exposure, console);
    }

    /** Breakable from outside. */
    public FleetOptions exposed(Exposure exposed) {
        return new FleetOptions(
                folder, checkout, ports, without, environment, observability, tracing, exposed, console);
    }
}
