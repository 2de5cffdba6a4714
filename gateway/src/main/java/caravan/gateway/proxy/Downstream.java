package caravan.gateway.proxy;

import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A service behind the gateway and the connections to it. Every event loop has a pool of its own: a connection of another
 * loop costs two wake-ups a request, a sixth of all processor time when it was measured. How many requests are under way in
 * all of them together is the bulkhead's matter.
 */
final class Downstream {

    private static final int KEEP_ALIVE_S = 30;
    private static final int MOST_HEADERS = 32 * 1024;

    private final String name;
    private final Tracer tracer;
    private final RequestOptions target;
    private final ThreadLocal<HttpClient> pool;
    private final Queue<HttpClient> pools = new ConcurrentLinkedQueue<>();

    /** @param most connections of one loop */
    Downstream(String name, URI url, int most, Duration connectTimeout, Vertx vertx, Tracer tracer) {
        this.name = name;
        this.tracer = tracer;
        boolean ssl = "https".equals(url.getScheme());
        long connectMs = connectTimeout.toMillis();
        this.target = new RequestOptions()
                .setHost(url.getHost())
                .setPort(url.getPort() > 0 ? url.getPort() : ssl ? 443 : 80)
                .setSsl(ssl)
                .setConnectTimeout(connectMs);
        HttpClientOptions options = new HttpClientOptions()
                .setName(name)
                .setMaxPoolSize(most)
                .setMaxWaitQueueSize(most)
                .setConnectTimeout((int) connectMs)
                .setMaxHeaderSize(MOST_HEADERS)
                // Hop is the span: it knows a try from a request, and costs nothing where nobody records.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setKeepAliveTimeout(KEEP_ALIVE_S);
        this.pool = ThreadLocal.withInitial(() -> {
            HttpClient client = vertx.createHttpClient(options);
            pools.add(client);
            return client;
        });
    }

    /** On the context of the request that it is for. */
    Hop hop(HttpMethod method) {
        return Hop.begin(tracer, method, name);
    }

    /** Fails when there is no connection. */
    Future<HttpClientRequest> request(HttpMethod method, String uri) {
        return pool.get().request(new RequestOptions(target).setMethod(method).setURI(uri));
    }

    void close() {
        pools.forEach(HttpClient::close);
    }
}
