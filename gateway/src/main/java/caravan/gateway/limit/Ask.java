package caravan.gateway.limit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request that wants to pass.
 *
 * @param caller API client, else account, else address: whose buckets they are
 * @param address where it comes from
 * @param routeClass which policies apply
 * @param cost tokens; startup has made sure that every policy of the class can pay them
 * @param session {@code sid} of its token: is looked for on the deny-list on the way
 */
public record Ask(
        String caller,
        String address,
        String routeClass,
        int cost,
        @Nullable UUID session) {

    public Ask {
        if (cost < 1) {
            throw new IllegalArgumentException("a cost of " + cost);
        }
    }
}
