package caravan.fleet.bench.gateway;

import caravan.fleet.bench.gateway.Customers.Customer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What customers ask the gateway during a run. On one event loop. */
public final class Requests {

    private static final int CONNECTIONS = 256;
    private static final int MOST_WAITING = 20_000;
    private static final Duration BOUND = Duration.ofSeconds(10);

    /**
     * What the gateway said.
     *
     * @param retryAfter in seconds, as its header has it; null where there is none
     */
    public record Answer(int status, @Nullable String retryAfter, Buffer body) {}

    private final URI gateway;
    private final HttpClient client;

    public Requests(Vertx vertx, URI gateway) {
        this.gateway = gateway;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(true)
                        .setTcpNoDelay(true)
                        .setMaxWaitQueueSize(MOST_WAITING)
                        .setConnectTimeout(5_000),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /** A request of this customer, to be completed and sent. */
    public RequestOptions by(Customer customer, HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setHost(gateway.getHost())
                .setPort(gateway.getPort())
                .setURI(path)
                .setTimeout(BOUND.toMillis())
                .putHeader("Authorization", "Bearer " + customer.accessToken())
                .putHeader("X-Forwarded-For", customer.address());
    }

    /** Fails when there is no answer within 10 s. */
    public Future<Answer> send(RequestOptions request, Buffer body) {
        return client.request(request)
                .compose(open -> open.send(body))
                .compose(response -> response.body()
                        .map(said -> new Answer(response.statusCode(), response.getHeader("Retry-After"), said)));
    }
}
