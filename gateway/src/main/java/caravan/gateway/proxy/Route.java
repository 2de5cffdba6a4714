package caravan.gateway.proxy;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/**
 * One line of the route table.
 *
 * @param template path with {@code {names}} for segments that may be anything; also the label in metrics
 * @param cost tokens of the caller's bucket
 * @param deadline until the head of the answer; for ever after for a stream
 * @param traits what is unusual about it
 */
public record Route(
        HttpMethod method,
        String template,
        Target target,
        RouteClass routeClass,
        int cost,
        Access access,
        Duration deadline,
        Traits traits,
        Fallback fallback) {

    /**
     * What is unusual about a route.
     *
     * @param streaming server-sent events: never buffered, no end foreseen, a bulkhead of its own
     * @param waits {@code Prefer: wait=N} prolongs the deadline
     * @param admitted asks whether the fleet can end what it begins
     * @param caching what a cache may do for it
     */
    public record Traits(boolean streaming, boolean waits, boolean admitted, Caching caching) {
        public static final Traits USUAL = new Traits(false, false, false, Caching.NONE);
        static final Traits STREAM = new Traits(true, false, false, Caching.NONE);
        static final Traits WAITS = new Traits(false, true, false, Caching.NONE);
        static final Traits ADMITTED = new Traits(false, false, true, Caching.NONE);

        static Traits caching(Caching caching) {
            return new Traits(false, false, false, caching);
        }
    }

    Route costing(int tokens) {
        return new Route(method, template, target, routeClass, tokens, access, deadline, traits, fallback);
    }

    Route with(Traits unusual) {
        return new Route(method, template, target, routeClass, cost, access, deadline, unusual, fallback);
    }

    Route or(Fallback instead) {
        return new Route(method, template, target, routeClass, cost, access, deadline, traits, instead);
    }

    public boolean isLocal() {
        return target == Target.LOCAL;
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}
