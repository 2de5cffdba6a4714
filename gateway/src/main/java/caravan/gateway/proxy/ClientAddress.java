package caravan.gateway.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The address of whoever asks. {@code X-Forwarded-For} counts only as far as it was written by proxies that we know: from
 * the right, until the first address that is none of theirs. Any thread.
 */
@Singleton
public class ClientAddress {

    private static final String UNKNOWN = "unknown";

    private final List<Cidr> trusted;

    @Inject
    ClientAddress(ProxyConfig config) {
        this(config.trustedProxies().orElse(List.of()));
    }

    ClientAddress(List<String> trusted) {
        this.trusted = trusted.stream().map(Cidr::parse).toList();
    }

    /** Numbers only, never a name and never a port. */
    public String of(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        String nearest = remote == null || remote.hostAddress() == null ? UNKNOWN : remote.hostAddress();
        return trusted.isEmpty() ? nearest : of(nearest, request.headers().getAll("X-Forwarded-For"));
    }

    /** Was this passed on by a proxy of ours? Then its scheme is what that proxy says. */
    boolean isForwarded(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        return !trusted.isEmpty() && remote != null && remote.hostAddress() != null && isTrusted(remote.hostAddress());
    }

    String of(String nearest, List<String> forwarded) {
        List<String> hops = new ArrayList<>();
        forwarded.forEach(line -> hops.addAll(List.of(line.split(",", -1))));
        String known = nearest;
        for (int i = hops.size() - 1; i >= 0 && isTrusted(known); i--) {
            Optional<String> hop = literal(hops.get(i).strip());
            if (hop.isEmpty()) {
                break;
            }
            known = hop.get();
        }
        return known;
    }

    private boolean isTrusted(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return trusted.stream().anyMatch(block -> block.contains(parsed));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** Without brackets and port, which some proxies add. */
    private static Optional<String> literal(String hop) {
        String address = hop;
        if (hop.startsWith("[")) {
            address = hop.substring(1, Math.max(1, hop.indexOf(']')));
        } else if (hop.indexOf(':') >= 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
            address = hop.substring(0, hop.indexOf(':'));
        }
        try {
            return Optional.of(InetAddress.ofLiteral(address).getHostAddress());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
