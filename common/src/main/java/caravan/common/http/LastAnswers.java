package caravan.common.http;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * While this process stops ({@code caravan.drain}), each answer is the last one of its connection, and says so: whoever kept the connection comes again on
 * a new one, which leads to somebody who stays. A load balancer that takes this process out keeps connections that are
 * open; without this they would be cut off at the end, and with them what was just being asked.
 *
 * <p>HTTP/1.1 says {@code Connection: close} (RFC 9112, 9.6), HTTP/2 GOAWAY (RFC 9113, 6.8): what is under way on it still
 * gets its answer. Quarkus says the same to whoever comes while it waits for open requests; when none is open it does not wait.
 */
@Singleton
public class LastAnswers {

    /** Before anything that may answer, {@link HttpMetrics} too. */
    private static final int PRIORITY = 2_000;

    private static final long NO_ERROR = 0;

    private static final String JDK = "Java-http-client/";
    private static final int MENDED = 24;

    /** Each is told once: a later GOAWAY must not name a later stream. */
    private final Set<HttpConnection> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean closing;

    void register(@Observes Filters filters) {
        filters.register(this::enter, PRIORITY);
    }

    /** Not ready any more, and before the wait for open requests. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closing = true;
    }

    private void enter(RoutingContext context) {
        if (closing) {
            sayGoodbye(context);
        }
        context.next();
    }

    private void sayGoodbye(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            if (!breaksOff(request.getHeader(HttpHeaders.USER_AGENT))) {
                context.addEndHandler(_ -> goAway(request.connection()));
            }
        } else {
            closeAfterwards(context);
        }
    }

    /** HTTP/1.1: the answer that is to come is the last one of its connection, and says so. */
    public static void closeAfterwards(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        context.addEndHandler(_ -> context.request().connection().close());
    }

    /** Whether the client takes GOAWAY for the end of what is under way (JDK-8335181, mended in 24). */
    static boolean breaksOff(@Nullable String userAgent) {
        if (userAgent == null || !userAgent.startsWith(JDK)) {
            return false;
        }
        try {
            return Runtime.Version.parse(userAgent.substring(JDK.length())).feature() < MENDED;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** The client closes the connection when its last answer is there; to shut it down from here cuts off those under way (seen). */
    private void goAway(HttpConnection connection) {
        if (told.add(connection)) {
            connection.goAway(NO_ERROR);
        }
    }
}
