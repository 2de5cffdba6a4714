package caravan.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** A service behind the gateway: its address, and a pool of connections of its own, so that one that hangs holds up no other. */
final class Downstream {

    /** No connection: nothing was sent, so that anything may be sent again. */
    static final class UnreachableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreachableException(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    private final String name;
    private final HttpClient client;
    private final RequestOptions target;

    Downstream(String name, URI url, Vertx vertx, GatewayConfig config) {
        boolean ssl = "https".equals(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : ssl ? 443 : 80;
        this.name = name;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setName(name)
                .setMaxPoolSize(config.maxConnections())
                .setMaxWaitQueueSize(config.maxWaiting())
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setKeepAliveTimeout(30));
        this.target = new RequestOptions()
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(ssl)
                .setConnectTimeout(config.connectTimeout().toMillis())
                .setIdleTimeout(config.answerTimeout().toMillis());
    }

    String name() {
        return name;
    }

    HttpClient client() {
        return client;
    }

    /** Fails with {@link UnreachableException} when there is no connection, or none free in time. */
    Future<HttpClientRequest> request() {
        return client.request(new RequestOptions(target))
                .recover(fault -> Future.failedFuture(new UnreachableException(fault)));
    }

    void close() {
        client.close();
    }
}
