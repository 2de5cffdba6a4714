package caravan.gateway;

import caravan.common.http.ProblemAnswer;
import caravan.common.http.ProblemType;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** Gives every request its id before anything can go wrong with it. */
@Singleton
class RequestIds {

    /** Before the limit of the body. */
    private static final int PRIORITY = 200;

    private final int maxHeaders;

    RequestIds(GatewayConfig config) {
        this.maxHeaders = config.maxHeaders();
    }

    void register(@Observes Filters filters) {
        filters.register(this::identify, PRIORITY);
    }

    private void identify(RoutingContext context) {
        List<String> sent = context.request().headers().getAll(HeaderRules.REQUEST_ID);
        boolean good = sent.size() == 1 && HeaderRules.isSafeId(sent.getFirst());
        String id = good ? sent.getFirst() : UUID.randomUUID().toString();
        long size = HeaderRules.size(context.request().headers());
        context.request().headers().set(HeaderRules.REQUEST_ID, id);
        context.response().putHeader(HeaderRules.REQUEST_ID, id);
        if (size > maxHeaders) {
            ProblemAnswer.send(context, ProblemType.HEADERS_TOO_LARGE, "at most " + maxHeaders + " bytes");
        } else {
            context.next();
        }
    }
}
