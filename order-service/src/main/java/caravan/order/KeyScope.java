package caravan.order;

import java.util.Comparator;
import java.util.UUID;

/** An Idempotency-Key as one caller's. The route is always {@value #ROUTE} as long as there is only one. */
record KeyScope(UUID customerId, String key) implements Comparable<KeyScope> {

    static final String ROUTE = "POST /api/v1/orders";

    private static final Comparator<KeyScope> ORDER =
            Comparator.comparing(KeyScope::customerId).thenComparing(KeyScope::key);

    @Override
    public int compareTo(KeyScope other) {
        return ORDER.compare(this, other);
    }
}
