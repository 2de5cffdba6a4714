package caravan.audit;

import java.util.List;
import java.util.UUID;

/**
 * Of which orders the facts are wanted.
 *
 * @param orders at most {@link #MOST}
 */
public record AskedOrders(List<UUID> orders) {

    /** Their ids are 40 kB, and what is known of them 200 kB. */
    public static final int MOST = 1000;

    public AskedOrders {
        orders = List.copyOf(orders);
        if (orders.size() > MOST) {
            throw new IllegalArgumentException("facts of " + MOST + " orders at most");
        }
    }

    public UUID[] array() {
        return orders.toArray(UUID[]::new);
    }
}
