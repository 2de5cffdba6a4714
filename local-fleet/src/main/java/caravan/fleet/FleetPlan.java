package caravan.fleet;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Which programs a fleet consists of. */
record FleetPlan(FleetOptions options, DataFolder folder) {
    List<Part> infrastructure() {
        Ports ports = options.ports();
        Checkout checkout = new Checkout(options.checkout());
        return Stream.<Part>of(
                        postgres(),
                        pooler(),
                        new KafkaBroker(
                                ports.kafka(),
                                ports.kafkaController(),
                                folder.data("kafka"),
                                checkout.kafkaLib(),
                                options.exposure() == null
                                        ? List.of()
                                        : options.exposure().listeners()),
                        new RedisServer(ports.redis(), folder.data("redis")),
                        new CardNetworkProgram(ports.cardNetwork(), folder.data(CardNetworkProgram.NAME)))
                .filter(part -> !options.without().contains(part.name()))
                .filter(part -> !part.name().equals(PgBouncer.NAME) || options.pooled())
                .filter(part -> !part.name().equals(CardNetworkProgram.NAME) || options.exposure() != null)
                .toList();
    }

    private PgBouncer pooler() {
        Ports ports = options.ports();
        OptionalInt replica = options.replicated() ? OptionalInt.of(ports.postgresqlReplica()) : OptionalInt.empty();
        return new PgBouncer(ports.pgbouncer(), folder.data(PgBouncer.NAME), ports.postgresql(), replica);
    }

    private PostgresServer postgres() {
        return new PostgresServer(options.ports().postgresql(), folder.data("postgresql"));
    }

    /** What needs the infrastructure to start, and what no service waits for. */
    List<Part> followers(Consumer<String> console) {
        Part replica = new PostgresReplica(
                options.ports().postgresqlReplica(), folder.data(PostgresReplica.NAME), postgres(), console);
        return Stream.concat(Stream.of(replica), onlookers().stream())
                .filter(part -> !options.without().contains(part.name()))
                .toList();
    }

    /** They may start before what they look at, and end after it. None where they are not wanted or not there. */
    List<Part> onlookers() {
        Path configuration = options.observability();
        if (configuration == null || !options.watched()) {
            return List.of();
        }
        Ports ports = options.ports();
        ObservabilityFiles files = new ObservabilityFiles(configuration);
        return List.of(
                new Alertmanager(ports, folder.data(Alertmanager.NAME), files),
                new Prometheus(ports, folder.data(Prometheus.NAME), files));
    }

    List<Part> services() {
        return Ports.SERVICES.stream()
                .filter(name -> !options.without().contains(name))
                .map(this::service)
                .toList();
    }

    private Part service(String name) {
        return program(name, name, options.ports().of(name), environment(name), new Checkout(options.checkout()));
    }

    /** One more process of a service, on ports of its own, of whatever build. */
    Part replica(String service, String name, Ports.OfService ports, Map<String, String> settings, Checkout checkout) {
        Map<String, String> environment = environment(service);
        environment.putAll(settings);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.http()));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(ports.management()));
        environment.put("CARAVAN_INSTANCE", name);
        return program(service, name, ports, environment, checkout);
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment =
                new HashMap<>(new ServiceEnvironment(options, Credentials.of(folder)).of(service));
        environment.putAll(options.environment());
        if (options.exposure() != null) {
            environment.putAll(options.exposure().environment().getOrDefault(service, Map.of()));
        }
        return environment;
    }

    private Part program(
            String service, String name, Ports.OfService ports, Map<String, String> environment, Checkout checkout) {
        return new ServiceProgram(name, ports, checkout.runnerJar(service), StartCaches.of(folder), environment);
    }
}
