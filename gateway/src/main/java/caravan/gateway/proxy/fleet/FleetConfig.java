package caravan.gateway.proxy.fleet;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What may be tuned about how the fleet is looked at, under {@code caravan.gateway.fleet}. */
@ConfigMapping(prefix = "caravan.gateway.fleet")
interface FleetConfig {

    /** Where each service says whether it is ready: on its management port, which no route leads to. */
    Ready ready();

    /** How often viewers are told. People see nothing happen faster than this, and it is half a request a second for all of them. */
    @WithDefault("2s")
    Duration every();

    /** Until a service says whether it is ready: one that needs longer is not. */
    @WithDefault("1s")
    Duration readyWithin();

    /** Until the orchestrator has said what it knows. */
    @WithDefault("2s")
    Duration knownWithin();

    /** Who watches at once: operators, each with a page or two. A place is a connection and a few kilobytes each two seconds. */
    @WithDefault("20")
    int viewers();

    interface Ready {

        @WithDefault("http://localhost:9081/q/health/ready")
        URI orders();

        @WithDefault("http://localhost:9082/q/health/ready")
        URI inventory();

        @WithDefault("http://localhost:9083/q/health/ready")
        URI payments();

        @WithDefault("http://localhost:9084/q/health/ready")
        URI shipments();

        @WithDefault("http://localhost:9085/q/health/ready")
        URI notifications();

        @WithDefault("http://localhost:9086/q/health/ready")
        URI sagas();

        /** By the names that services have everywhere. */
        default Map<String, URI> byService() {
            Map<String, URI> all = new LinkedHashMap<>();
            all.put("order-service", orders());
            all.put("inventory-service", inventory());
            all.put("payment-service", payments());
            all.put("shipment-service", shipments());
            all.put("notification-service", notifications());
            all.put("saga-orchestrator", sagas());
            return all;
        }
    }
}
