package caravan.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

@ConfigMapping(prefix = "caravan.gateway")
interface GatewayConfig {

    @WithDefault("http://localhost:8081")
    URI ordersUrl();

    @WithDefault("http://localhost:8082")
    URI inventoryUrl();

    /** No public path leads there; operators' pages ask for its health. */
    @WithDefault("http://localhost:8083")
    URI paymentsUrl();

    /** Likewise. */
    @WithDefault("http://localhost:8084")
    URI shipmentsUrl();

    @WithDefault("http://localhost:8086")
    URI sagasUrl();

    /** A service on the same network that takes longer than this to accept a connection is not there. */
    @WithDefault("2s")
    Duration connectTimeout();

    /** How long a downstream may say nothing. Longer than any batch takes to be stored, shorter than a client's patience. */
    @WithDefault("10s")
    Duration answerTimeout();

    /** What a client is told to wait when a downstream is away: about as long as a restart takes. */
    @WithDefault("2s")
    Duration retryAfter();

    /** Connections to one downstream. Its batches are fed by requests under way, so that fewer would make them smaller. */
    @WithDefault("128")
    int maxConnections();

    /** Requests that wait for one of them. One more is refused at once: memory does not grow (rule 12). */
    @WithDefault("512")
    int maxWaiting();

    /** All header lines together, in bytes. */
    @WithDefault("16384")
    int maxHeaders();
}
