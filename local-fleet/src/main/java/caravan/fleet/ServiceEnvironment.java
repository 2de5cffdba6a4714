package caravan.fleet;

import java.util.LinkedHashMap;
import java.util.Map;

/** The environment of a service in this fleet: the same names that compose files and Kubernetes manifests set. */
record ServiceEnvironment(FleetOptions options, Credentials credentials) {
    private static final int PARTITIONS = 2;

    Map<String, String> of(String service) {
        Ports ports = options.ports();
        Ports.OfService own = ports.of(service);
        Map<String, String> e = new LinkedHashMap<>();
        e.put("QUARKUS_HTTP_HOST", Sockets.HOST);
        e.put("QUARKUS_HTTP_PORT", Integer.toString(own.http()));
        e.put("QUARKUS_MANAGEMENT_HOST", Sockets.HOST);
        e.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(own.management()));
        e.put("CARAVAN_INSTANCE", service + "-1");
        // All of it stops at once: nobody is left to go to.
        e.put("CARAVAN_DRAIN", "0S");
        e.put("CARAVAN_DB_HOST", Sockets.HOST);
        e.put("CARAVAN_DB_PORT", Integer.toString(options.pooled() ? ports.pgbouncer() : ports.postgresql()));
        if (options.pooled()) {
            e.put("CARAVAN_DB_DIRECT_PORT", Integer.toString(ports.postgresql()));
            // Whatever its version: Debian's does not know them.
            e.put("CARAVAN_DB_NAMED_STATEMENTS", "false");
        }
        e.put("CARAVAN_DB_USER", PostgresServer.USER);
        e.put("CARAVAN_DB_PASSWORD", PostgresServer.PASSWORD);
        e.put("KAFKA_BOOTSTRAP_SERVERS", Sockets.HOST + ":" + ports.kafka());
        // One broker that calls fsync for each partition it appends to, one consumer a group: more only split the
        // batches.
        e.put("CARAVAN_MESSAGING_PARTITIONS", Integer.toString(PARTITIONS));
        e.put("CARAVAN_REDIS_URL", "redis://" + Sockets.HOST + ":" + ports.redis());
        e.put("CARAVAN_PAYMENT_NETWORK_URL", "http://" + Sockets.HOST + ":" + ports.cardNetwork());
        e.put("CARAVAN_NOTIFICATION_SMTP_HOST", Sockets.HOST);
        e.put("CARAVAN_NOTIFICATION_SMTP_PORT", Integer.toString(ports.smtp()));
        e.put("CARAVAN_GATEWAY_ORDERS_URL", ports.url("order-service"));
        e.put("CARAVAN_GATEWAY_INVENTORY_URL", ports.url("inventory-service"));
        e.put("CARAVAN_GATEWAY_SAGAS_URL", ports.url("saga-orchestrator"));
        // localhost, as people type it: the issuer is the address under which clients know the gateway.
        e.put("CARAVAN_AUTH_ISSUER", "http://localhost:" + ports.of("gateway").http());
        e.put("CARAVAN_AUTH_JWKS_URL", ports.url("gateway") + "/.well-known/jwks.json");
        if (options.tracing()) {
            e.put("CARAVAN_TRACE_SAMPLE", "1");
            e.put("CARAVAN_TRACE_ENDPOINT", "http://" + Sockets.HOST + ":" + ports.traces());
        }
        switch (service) {
            case "gateway" -> {
                e.putAll(credentials.gatewayEnvironment());
                // Only this machine reaches the gateway; its customers may come from many addresses.
                e.put("CARAVAN_GATEWAY_TRUSTED_PROXIES", Sockets.HOST);
                e.putAll(fleetOfConsole());
            }
            case "order-service" -> {
                e.put("CARAVAN_ORDER_CURSOR_SECRET", credentials.cursorSecret());
                e.putAll(replica());
            }
            case "saga-orchestrator" -> {
                e.put("CARAVAN_SAGA_AUDIT_ORDERS_URL", ports.url("order-service"));
                e.put("CARAVAN_SAGA_AUDIT_INVENTORY_URL", ports.url("inventory-service"));
                e.put("CARAVAN_SAGA_AUDIT_PAYMENTS_URL", ports.url("payment-service"));
                e.put("CARAVAN_SAGA_AUDIT_SHIPMENTS_URL", ports.url("shipment-service"));
                e.put("CARAVAN_SAGA_AUDIT_NOTIFICATIONS_URL", ports.url("notification-service"));
            }
            default -> {}
        }
        return e;
    }

    /** Where the console learns how the services are, and where it sends people who want to see a trace. */
    private Map<String, String> fleetOfConsole() {
        Ports ports = options.ports();
        Map<String, String> e = new LinkedHashMap<>();
        Map.of(
                        "ORDERS", "order-service",
                        "INVENTORY", "inventory-service",
                        "PAYMENTS", "payment-service",
                        "SHIPMENTS", "shipment-service",
                        "NOTIFICATIONS", "notification-service",
                        "SAGAS", "saga-orchestrator")
                .forEach((name, service) -> e.put(
                        "CARAVAN_GATEWAY_FLEET_READY_" + name,
                        "http://" + Sockets.HOST + ":" + ports.of(service).management() + "/q/health/ready"));
        if (options.tracing()) {
            e.put("CARAVAN_CONSOLE_TRACE_URL", "http://localhost:" + ports.traces() + "/trace/{traceId}");
        }
        return e;
    }

    /** Where the copy of its database is, which most reads go to. */
    private Map<String, String> replica() {
        if (!options.replicated()) {
            return Map.of();
        }
        Ports ports = options.ports();
        return Map.of(
                "CARAVAN_DB_REPLICA_HOST",
                Sockets.HOST,
                "CARAVAN_DB_REPLICA_PORT",
                Integer.toString(options.pooled() ? ports.pgbouncer() : ports.postgresqlReplica()),
                "CARAVAN_DB_REPLICA_NAME",
                options.pooled() ? "orders" + PgBouncer.REPLICA : "orders");
    }

    /** The line that runs a service by hand in a place that {@code --without} left free. */
    String byHand(String service) {
        StringBuilder line = new StringBuilder("env");
        of(service)
                .forEach((name, value) ->
                        line.append(" \\\n      ").append(name).append('=').append(value));
        return line + " \\\n      mvn -pl " + service + " -am quarkus:dev";
    }
}
