package caravan.fleettests;

import caravan.fleet.Fleet;
import caravan.fleet.Sockets;
import caravan.fleet.chaos.Relay;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What kube-proxy is to a service: new connections go to endpoints that are ready, in turn; connections that are open stay where they are. */
final class Balancer implements AutoCloseable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int BOUND_MS = 2_000;

    /** As Kubernetes has it: one late answer is no reason to take an endpoint out. */
    private static final int MOST_MISSES = 3;

    private record Endpoint(InetSocketAddress at, URI readiness, AtomicInteger misses) {
        void look() {
            misses.set(isReady() ? 0 : misses.get() + 1);
        }

        private boolean isReady() {
            try {
                HttpURLConnection connection =
                        (HttpURLConnection) readiness.toURL().openConnection();
                connection.setConnectTimeout(BOUND_MS);
                connection.setReadTimeout(BOUND_MS);
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } catch (IOException _) {
                return false;
            }
        }
    }

    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Relay relay = Relay.open();
    private final AtomicInteger turn = new AtomicInteger();
    private final Thread looks = Thread.ofVirtual().start(this::look);
    private volatile boolean closed;

    Balancer() {
        relay.to(this::next);
    }

    URI address() {
        return URI.create("http://" + Sockets.HOST + ":" + relay.port());
    }

    /** One that is ready. */
    void add(Fleet fleet, String instance) {
        URI at = URI.create(fleet.address(instance));
        endpoints.put(
                instance,
                new Endpoint(
                        new InetSocketAddress(InetAddress.ofLiteral(Sockets.HOST), at.getPort()),
                        URI.create(fleet.managementAddress(instance) + "/q/health/ready"),
                        new AtomicInteger()));
    }

    /** Nobody is led there any more; whoever is there stays. */
    void takeOut(String instance) {
        endpoints.remove(instance);
    }

    private InetSocketAddress next() {
        List<InetSocketAddress> ready = endpoints.values().stream()
                .filter(endpoint -> endpoint.misses().get() < MOST_MISSES)
                .map(Endpoint::at)
                .toList();
        // Where nobody listens, the connection is reset, as without any endpoint.
        return ready.isEmpty()
                ? new InetSocketAddress(0)
                : ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
    }

    private void look() {
        while (!closed) {
            endpoints.values().forEach(Endpoint::look);
            Shop.patience(LOOK_EVERY);
        }
    }

    @Override
    public void close() {
        closed = true;
        looks.interrupt();
        relay.close();
    }
}
