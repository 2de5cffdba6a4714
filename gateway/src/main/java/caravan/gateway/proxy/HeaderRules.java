package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Map;

/** Which headers go through. Looked at for each header of each request: no pattern, no allocation. */
final class HeaderRules {

    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");

    private static final int LONGEST_ID = 128;

    /** Who somebody is, and where they come from, services learn from the gateway alone. */
    private static final String[] IDENTITY = {
        "x-forwarded-", "x-customer-", "x-user-", "x-account-", "x-client-", "x-caller-", "x-caravan-", "x-real-ip"
    };

    /** RFC 9110, 7.6.1: between two neighbours only. Meter (RFC 2227) is what our cache tells a service of its hits. */
    private static final String[] HOP_BY_HOP = {
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "http2-settings",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "meter"
    };

    /** Written anew for the service. */
    private static final String[] REWRITTEN = {
        "host", "content-length", "expect", "forwarded", "via", "true-client-ip", "x-request-id"
    };

    /** The edge says these, whatever a service thinks of them. */
    private static final String[] OURS = {"x-request-id", "server"};

    private HeaderRules() {}

    static boolean isSafeId(String id) {
        boolean fits = !id.isEmpty() && id.length() <= LONGEST_ID;
        for (int i = 0; fits && i < id.length(); i++) {
            fits = isSafe(id.charAt(i));
        }
        return fits;
    }

    /** From the client to the service. {@link Hop} writes the trace. */
    static void copyRequest(MultiMap from, MultiMap to) {
        from.forEach((name, value) -> {
            if (!isHopByHop(name) && !isIn(REWRITTEN, name) && !isIdentity(name)) {
                to.add(name, value);
            }
        });
        removeNamedIn(from, to);
    }

    /** From the service to the client. The length stays: the body goes through as it is. */
    static void copyResponse(MultiMap from, MultiMap to) {
        from.forEach((name, value) -> {
            if (!isHopByHop(name) && !isIn(OURS, name) && !startsWith(name, "access-control-")) {
                to.add(name, value);
            }
        });
        removeNamedIn(from, to);
    }

    /** In bytes on the wire, HTTP/1.1. */
    static long size(MultiMap headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + ": \r\n".length();
        }
        return size;
    }

    static boolean isHopByHop(String name) {
        return isIn(HOP_BY_HOP, name);
    }

    static boolean isIdentity(String name) {
        if (name.length() < 9 || (name.charAt(0) | 0x20) != 'x') {
            return false;
        }
        for (String prefix : IDENTITY) {
            if (startsWith(name, prefix)) {
                return true;
            }
        }
        return false;
    }

    /** {@code Connection} names headers that are meant for us alone. */
    private static void removeNamedIn(MultiMap from, MultiMap to) {
        String connection = from.get(HttpHeaders.CONNECTION);
        if (connection == null || "keep-alive".equalsIgnoreCase(connection) || "close".equalsIgnoreCase(connection)) {
            return;
        }
        for (String value : from.getAll(HttpHeaders.CONNECTION)) {
            for (String name : value.split(",", -1)) {
                if (!name.isBlank()) {
                    to.remove(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    private static boolean isIn(String[] names, String name) {
        for (String each : names) {
            if (each.length() == name.length() && startsWith(name, each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static boolean isSafe(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._:+/=@-".indexOf(c) >= 0;
    }
}
