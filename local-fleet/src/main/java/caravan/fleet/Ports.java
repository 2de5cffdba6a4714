package caravan.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where every part of one fleet listens on 127.0.0.1. */
public record Ports(
        int postgresql,
        int postgresqlReplica,
        int pgbouncer,
        int kafka,
        int kafkaController,
        int redis,
        int smtp,
        int mailPage,
        int cardNetwork,
        int traces,
        int prometheus,
        int alertmanager,
        int alerts,
        Map<String, OfService> services) {
    /** The seven services in the order in which they are shown. */
    public static final List<String> SERVICES = List.of(
            "gateway",
            "order-service",
            "inventory-service",
            "payment-service",
            "shipment-service",
            "notification-service",
            "saga-orchestrator");

    private static final int FIRST_HTTP = 8080;
    private static final int FIRST_MANAGEMENT = 9080;
    private static final int INFRASTRUCTURE = 13;

    /** The highest of the documented ones. */
    private static final int LAST = 9095;

    private static final int HIGHEST = 65_535;

    /** {@code management} answers health and metrics. */
    public record OfService(int http, int management) {}

    /**
     * The documented ports, all moved by the same number.
     *
     * @throws FleetException when one of them would be no port
     */
    public static Ports standard(int offset) {
        if (offset < 0 || LAST + offset > HIGHEST) {
            throw new FleetException("--port-offset must be between 0 and " + (HIGHEST - LAST) + ".");
        }
        Map<String, OfService> services = new LinkedHashMap<>();
        for (int i = 0; i < SERVICES.size(); i++) {
            services.put(SERVICES.get(i), new OfService(FIRST_HTTP + i + offset, FIRST_MANAGEMENT + i + offset));
        }
        return new Ports(
                5433 + offset,
                5434 + offset,
                6432 + offset,
                9092 + offset,
                9093 + offset,
                6380 + offset,
                1025 + offset,
                8025 + offset,
                8090 + offset,
                4318 + offset,
                9090 + offset,
                // 9093, where it is usually found, is taken by Kafka's controller.
                9094 + offset,
                LAST + offset,
                services);
    }

    /** Ports that nobody listens on, for tests. */
    public static Ports free() {
        Deque<Integer> free = new ArrayDeque<>(Sockets.free(INFRASTRUCTURE + 2 * SERVICES.size()));
        Map<String, OfService> services = new LinkedHashMap<>();
        SERVICES.forEach(name -> services.put(name, new OfService(free.pop(), free.pop())));
        return new Ports(
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                free.pop(),
                services);
    }

    OfService of(String service) {
        return Optional.ofNullable(services.get(service))
                .orElseThrow(() -> new FleetException(
                        "There is no service '" + service + "'; there are " + String.join(", ", SERVICES) + "."));
    }

    /** The address of the service's own HTTP interface. */
    String url(String service) {
        return "http://" + Sockets.HOST + ":" + of(service).http();
    }
}
