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

    /** Nothing more happens by itself. An approved order can still be cancelled, but only by its customer. */
    boolean isFinal() {
        return switch (this) {
            case APPROVED, REJECTED, CANCELLED -> true;
            case PENDING, STOCK_RESERVED, PAYMENT_QUEUED, PAID, SHIPMENT_ARRANGED, CANCELLING, NEEDS_ATTENTION -> false;
        };
    }

    OrderStatus or(OrderStatus other) {
        return other.compareTo(this) > 0 ? other : this;
    }
}
