package caravan.gateway.proxy;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * Who asks: left with the request by whoever let it in.
 *
 * @param subject the account, or that of the API client
 * @param bearer a verified access token, to be shown to services that are asked in the caller's name
 * @param until when the token ends
 */
public record Caller(UUID subject, String bearer, Instant until) {

    private static final String KEY = Caller.class.getName();

    public static void note(RoutingContext context, Caller caller) {
        context.put(KEY, caller);
    }

    /** Not for a route that everybody may use: there may be nobody. */
    public static Caller of(RoutingContext context) {
        return Objects.requireNonNull(context.<Caller>get(KEY), "the gate lets nobody in here without a token");
    }

    @Override
    public String toString() {
        return "Caller[until " + until + "]";
    }
}
