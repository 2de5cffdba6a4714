package caravan.gateway.proxy;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Objects;

/**
 * Who asks, for what the gateway answers itself: left with the request by whoever let it in.
 *
 * @param bearer a verified access token, to be shown to services that are asked in the caller's name
 * @param until when the token ends
 */
public record Caller(String bearer, Instant until) {

    private static final String KEY = Caller.class.getName();

    public static void note(RoutingContext context, Caller caller) {
        context.put(KEY, caller);
    }

    /** Of a route that everybody may use nobody is noted. */
    public static Caller of(RoutingContext context) {
        return Objects.requireNonNull(context.<Caller>get(KEY), "the gate lets nobody in here without a token");
    }

    @Override
    public String toString() {
        return "Caller[until " + until + "]";
    }
}
