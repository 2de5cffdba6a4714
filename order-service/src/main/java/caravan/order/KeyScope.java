package caravan.order;

import java.util.Comparator;
import java.util.UUID;

/** An Idempotency-Key as one caller's, for one of the routes. */
record KeyScope(UUID customerId, String key) implements Comparable<KeyScope> {

    static final String ROUTE = "POST /api/v1/orders";
    static final String CANCEL_ROUTE = "POST /api/v1/orders/{id}/cancel";

    private static final Comparator<KeyScope> ORDER =
            Comparator.comparing(KeyScope::customerId).thenComparing(KeyScope::key);

    @Override
    public int compareTo(KeyScope other) {
        return ORDER.compare(this, other);
    }
}
