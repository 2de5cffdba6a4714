package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** Where a request came from, as services are told. */
record Origin(String address, String scheme, String host) {

    private static final CharSequence FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");
    private static final CharSequence HOST = HttpHeaders.createOptimized("X-Forwarded-Host");

    void write(MultiMap headers) {
        headers.set(FOR, address).set(PROTO, scheme);
        if (!host.isEmpty()) {
            headers.set(HOST, host);
        }
    }
}
