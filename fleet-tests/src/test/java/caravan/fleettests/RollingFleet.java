package caravan.fleettests;

import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A fleet in which everybody reaches a service through its {@link Balancer}, and an instance is taken out as Kubernetes does it: with a
 * Deployment of {@code maxSurge: 1, maxUnavailable: 0} the next one is ready before, and a {@code preStop} sleep lets
 * the news travel that nobody should come any more, before the process is asked to end.
 */
final class RollingFleet implements AutoCloseable {

    /** Until all nodes have heard that an endpoint is gone; a second is slow for a healthy cluster. */
    private static final Duration NEWS = Duration.ofSeconds(1);

    /** {@code preStop}: longer than the news. */
    private static final Duration PRE_STOP = Duration.ofSeconds(2);

    /** Under which a service finds another one. */
    private static final Map<String, String> SETTINGS = Map.of(
            "CARAVAN_GATEWAY_ORDERS_URL", "order-service",
            "CARAVAN_GATEWAY_INVENTORY_URL", "inventory-service",
            "CARAVAN_GATEWAY_SAGAS_URL", "saga-orchestrator",
            "CARAVAN_SAGA_AUDIT_ORDERS_URL", "order-service",
            "CARAVAN_SAGA_AUDIT_INVENTORY_URL", "inventory-service",
            "CARAVAN_SAGA_AUDIT_PAYMENTS_URL", "payment-service",
            "CARAVAN_SAGA_AUDIT_SHIPMENTS_URL", "shipment-service",
            "CARAVAN_SAGA_AUDIT_NOTIFICATIONS_URL", "notification-service");

    private final Map<String, Balancer> balancers = new LinkedHashMap<>();
    private final FleetOptions options;
    private final Fleet fleet;

    private RollingFleet(String folder, Map<String, String> settings) {
        Ports.SERVICES.forEach(service -> balancers.put(service, new Balancer()));
        FleetOptions own = FleetOptions.forTests(TheFleet.emptied(folder))
                .withConsole(System.out::println)
                // As in production: somebody is left to go to.
                .withEnvironment("CARAVAN_DRAIN", "3S")
                // The first requests of a process that shares them with thirteen others may be slow. Slow is not lost.
                .withEnvironment("CARAVAN_GATEWAY_DEADLINE", "10s")
                .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_AUTH_QUOTA", "100000")
                .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_DEFAULT_QUOTA", "100000")
                .withEnvironment(
                        "CARAVAN_AUTH_JWKS_URL",
                        balancer("gateway")
                                .address()
                                .resolve("/.well-known/jwks.json")
                                .toString());
        for (Map.Entry<String, String> setting : SETTINGS.entrySet()) {
            own = own.withEnvironment(
                    setting.getKey(), balancer(setting.getValue()).address().toString());
        }
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            own = own.withEnvironment(setting.getKey(), setting.getValue());
        }
        options = own;
        fleet = Fleet.start(options);
        balancers.forEach((service, balancer) -> balancer.add(fleet, service));
    }

    static RollingFleet start(String folder) {
        return new RollingFleet(folder, Map.of());
    }

    /** @param settings of every service: environment variables */
    static RollingFleet start(String folder, Map<String, String> settings) {
        return new RollingFleet(folder, settings);
    }

    Fleet fleet() {
        return fleet;
    }

    URI gateway() {
        return balancer("gateway").address();
    }

    /** One more instance, of this build; returns when it is ready and new connections go there. */
    String add(String service) {
        return add(service, options.checkout());
    }

    /** The same of another build. */
    String add(String service, Path checkout) {
        String instance = fleet.startReplica(service, Map.of(), checkout);
        balancer(service).add(fleet, instance);
        return instance;
    }

    /** Takes one out; returns when it has ended. */
    Fleet.Ended takeOut(String service, String instance) {
        Shop.patience(NEWS);
        balancer(service).takeOut(instance);
        Shop.patience(PRE_STOP.minus(NEWS));
        return fleet.stopService(instance);
    }

    private Balancer balancer(String service) {
        return Objects.requireNonNull(balancers.get(service), service);
    }

    @Override
    public void close() {
        fleet.close();
        balancers.values().forEach(Balancer::close);
    }
}
