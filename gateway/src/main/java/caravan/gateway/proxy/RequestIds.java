package caravan.gateway.proxy;

import caravan.common.http.ProblemType;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Gives every request its id before anything can go wrong with it, and refuses what cannot be one. */
@Singleton
class RequestIds {

    /** Before the limit of the body. */
    private static final int PRIORITY = 200;

    private final int maxHeaders;

    RequestIds(ProxyConfig config) {
        this.maxHeaders = config.maxHeaders();
    }

    void register(@Observes Filters filters) {
        filters.register(this::identify, PRIORITY);
    }

    private void identify(RoutingContext context) {
        MultiMap headers = context.request().headers();
        List<String> sent = headers.getAll(HeaderRules.REQUEST_ID);
        boolean good = sent.size() == 1 && HeaderRules.isSafeId(sent.getFirst());
        String id = good ? sent.getFirst() : random();
        long size = HeaderRules.size(headers);
        if (!good) {
            headers.set(HeaderRules.REQUEST_ID, id);
        }
        context.response().putHeader(HeaderRules.REQUEST_ID, id);
        String trouble = trouble(context.request());
        if (size > maxHeaders) {
            Refusal.send(context, ProblemType.HEADERS_TOO_LARGE, "at most " + maxHeaders + " bytes");
        } else if (trouble != null) {
            Refusal.sendAndClose(context, ProblemType.BAD_REQUEST, trouble);
        } else {
            context.next();
        }
    }

    /** Where two readers of one request may see two different ends of it, there is room to smuggle (RFC 9112, 11.2). */
    private static @Nullable String trouble(HttpServerRequest request) {
        MultiMap headers = request.headers();
        List<String> encodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!encodings.isEmpty()) {
            if (headers.contains(HttpHeaders.CONTENT_LENGTH)) {
                return "Content-Length and Transfer-Encoding exclude each other";
            }
            if (encodings.size() > 1 || !"chunked".equalsIgnoreCase(encodings.getFirst())) {
                return "only chunked is understood as a Transfer-Encoding";
            }
        }
        if (headers.getAll(HttpHeaders.CONTENT_LENGTH).size() > 1) {
            return "there can be one Content-Length only";
        }
        return headers.getAll(HttpHeaders.HOST).size() > 1 ? "there can be one Host only" : null;
    }

    /** Unique, and no secret: the fast generator does. */
    private static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }
}
