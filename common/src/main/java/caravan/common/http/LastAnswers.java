package caravan.common.http;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * While this process stops ({@code caravan.drain}), each answer is the last one of its connection, and says so: whoever kept the connection comes again on
 * a new one, which leads to somebody who stays. A load balancer that takes this process out keeps connections that are
 * open; without this they would be cut off at the end, and with them what was just being asked.
 *
 * <p>HTTP/1.1 says {@code Connection: close} (RFC 9112, 9.6), HTTP/2 GOAWAY (RFC 9113, 6.8): what is under way on it still
 * gets its answer.
 */
@Singleton
public class LastAnswers {

    /** Before anything that may answer, {@link HttpMetrics} too. */
    private static final int PRIORITY = 2_000;

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

    private static void sayGoodbye(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2) {
            context.addEndHandler(_ -> request.connection().shutdown());
        } else {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            context.addEndHandler(_ -> request.connection().close());
        }
    }
}
