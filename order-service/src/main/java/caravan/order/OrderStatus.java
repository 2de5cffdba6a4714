package caravan.order;

import java.util.Arrays;
import java.util.Optional;

/** What a customer sees of an order. The order of the constants up to APPROVED is the way forward. */
enum OrderStatus {
    PENDING,
    STOCK_RESERVED,
    PAYMENT_QUEUED,
    PAID,
    SHIPMENT_ARRANGED,
    APPROVED,
    REJECTED,
    CANCELLING,
    CANCELLED,
    NEEDS_ATTENTION;

    static Optional<OrderStatus> parse(String text) {
        return Arrays.stream(values())
                .filter(status -> status.name().equals(text))
                .findFirst();
    }

    OrderStatus or(OrderStatus other) {
        return other.compareTo(this) > 0 ? other : this;
    }
}
