package caravan.gateway;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers a client may send through. */
final class HeaderRules {

    static final String REQUEST_ID = "X-Request-Id";

    private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9._:+/=@-]{1,128}");

    /** Who somebody is, and where they come from, services learn from the gateway alone. */
    private static final List<String> IDENTITY =
            List.of("x-forwarded-", "x-customer-", "x-user-", "x-account-", "x-client-", "x-caller-", "x-caravan-");

    private static final Set<String> FORWARDING = Set.of("forwarded", "x-real-ip", "true-client-ip", "via");

    private HeaderRules() {}

    static boolean isSafeId(String id) {
        return SAFE_ID.matcher(id).matches();
    }

    static void strip(MultiMap headers) {
        List<String> connection = headers.getAll("Connection").stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        connection.forEach(headers::remove);
        List.copyOf(headers.names()).stream().filter(HeaderRules::isIdentity).forEach(headers::remove);
    }

    /** In bytes on the wire, HTTP/1.1. */
    static long size(MultiMap headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length() + ": \r\n".length();
        }
        return size;
    }

    private static boolean isIdentity(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return FORWARDING.contains(name) || IDENTITY.stream().anyMatch(name::startsWith);
    }
}
