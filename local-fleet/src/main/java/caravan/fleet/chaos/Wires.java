package caravan.fleet.chaos;

import caravan.fleet.Exposure;
import caravan.fleet.FleetOptions;
import caravan.fleet.KafkaBroker.Listener;
import caravan.fleet.Ports;
import caravan.fleet.Sockets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A wire from each service to each backend that it needs, so that one service can be cut off, or one backend's connections be reset. A broker tells its clients where it is,
 * so each service has a listener of its own, which says that it is at the relay. What is between people, gateway and services is left alone.
 */
public final class Wires implements AutoCloseable {

    private enum Backend {
        DATABASE,
        /** For migrations, at a start. */
        DATABASE_DIRECT,
        REPLICA,
        BROKER,
        REDIS,
        CARD_NETWORK
    }

    private final Map<String, Map<Backend, Relay>> relays = new LinkedHashMap<>();
    private final FleetOptions options;

    private Wires(FleetOptions straight) {
        for (String service : Ports.SERVICES) {
            Map<Backend, Relay> own = new EnumMap<>(Backend.class);
            needs(service, straight).forEach(backend -> own.put(backend, Relay.open()));
            relays.put(service, own);
        }
        this.options = straight.exposed(new Exposure(environment(), listeners()));
        relays.values().forEach(own -> own.forEach(this::connect));
    }

    /** Between the services of a fleet with these options, which is not started yet, and what they need. */
    public static Wires lay(FleetOptions straight) {
        return new Wires(straight);
    }

    /** What to start the fleet with. */
    public FleetOptions options() {
        return options;
    }

    /** Nothing passes between this service and what it needs, until {@link #thaw}. */
    void freeze(String service) {
        of(service).forEach(Relay::freeze);
    }

    void thaw(String service) {
        of(service).forEach(Relay::thaw);
    }

    void resetBroker() {
        relays.values().stream()
                .flatMap(own -> Stream.ofNullable(own.get(Backend.BROKER)))
                .forEach(Relay::reset);
    }

    @Override
    public void close() {
        relays.values().stream().flatMap(own -> own.values().stream()).forEach(Relay::close);
    }

    private Iterable<Relay> of(String service) {
        return relays.getOrDefault(service, Map.of()).values();
    }

    private static Set<Backend> needs(String service, FleetOptions options) {
        Set<Backend> needs = EnumSet.of(Backend.DATABASE);
        if (options.pooled()) {
            needs.add(Backend.DATABASE_DIRECT);
        }
        switch (service) {
            case "gateway" -> needs.add(Backend.REDIS);
            case "inventory-service" -> needs.addAll(List.of(Backend.BROKER, Backend.REDIS));
            case "payment-service" -> needs.addAll(List.of(Backend.BROKER, Backend.CARD_NETWORK));
            case "order-service" -> {
                needs.add(Backend.BROKER);
                if (options.replicated()) {
                    needs.add(Backend.REPLICA);
                }
            }
            default -> needs.add(Backend.BROKER);
        }
        return needs;
    }

    private Map<String, Map<String, String>> environment() {
        Map<String, Map<String, String>> environment = new LinkedHashMap<>();
        relays.forEach((service, own) -> {
            Map<String, String> settings = new LinkedHashMap<>();
            own.forEach((backend, relay) -> {
                String port = Integer.toString(relay.port());
                switch (backend) {
                    case DATABASE -> settings.put("CARAVAN_DB_PORT", port);
                    case DATABASE_DIRECT -> settings.put("CARAVAN_DB_DIRECT_PORT", port);
                    case REPLICA -> settings.put("CARAVAN_DB_REPLICA_PORT", port);
                    case BROKER -> settings.put("KAFKA_BOOTSTRAP_SERVERS", Sockets.HOST + ":" + port);
                    case REDIS -> settings.put("CARAVAN_REDIS_URL", "redis://" + Sockets.HOST + ":" + port);
                    case CARD_NETWORK ->
                        settings.put("CARAVAN_PAYMENT_NETWORK_URL", "http://" + Sockets.HOST + ":" + port);
                }
            });
            environment.put(service, settings);
        });
        return environment;
    }

    private List<Listener> listeners() {
        List<Listener> listeners = new ArrayList<>();
        relays.forEach((service, own) -> {
            Relay relay = own.get(Backend.BROKER);
            if (relay != null) {
                listeners.add(new Listener(service.toUpperCase(Locale.ROOT).replace('-', '_'), relay.port()));
            }
        });
        return listeners;
    }

    private void connect(Backend backend, Relay relay) {
        Ports ports = options.ports();
        switch (backend) {
            case DATABASE -> relay.to(Sockets.HOST, options.pooled() ? ports.pgbouncer() : ports.postgresql());
            case DATABASE_DIRECT -> relay.to(Sockets.HOST, ports.postgresql());
            case REPLICA -> relay.to(Sockets.HOST, options.pooled() ? ports.pgbouncer() : ports.postgresqlReplica());
            case BROKER -> relay.to(Listener.HOST, relay.port());
            case REDIS -> relay.to(Sockets.HOST, ports.redis());
            case CARD_NETWORK -> relay.to(Sockets.HOST, ports.cardNetwork());
        }
    }
}
