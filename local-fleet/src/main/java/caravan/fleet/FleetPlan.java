package caravan.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which programs a fleet consists of. */
record FleetPlan(FleetOptions options, DataFolder folder) {
    List<Part> infrastructure() {
        Ports ports = options.ports();
        Checkout checkout = new Checkout(options.checkout());
        return List.of(
                new PostgresServer(ports.postgresql(), folder.data("postgresql")),
                new KafkaBroker(ports.kafka(), ports.kafkaController(), folder.data("kafka"), checkout.kafkaLib()),
                new RedisServer(ports.redis(), folder.data("redis")));
    }

    List<Part> services() {
        return Ports.SERVICES.stream()
                .filter(name -> !options.without().contains(name))
                .map(this::service)
                .toList();
    }

    private Part service(String name) {
        Map<String, String> environment = new HashMap<>(new ServiceEnvironment(options.ports()).of(name));
        environment.putAll(options.environment());
        return new ServiceProgram(
                name,
                options.ports().of(name),
                new Checkout(options.checkout()).runnerJar(name),
                ClassArchives.of(folder),
                environment);
    }
}
