package caravan.fleet.bench;

import caravan.fleet.bench.Load.Order;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * When orders came to a place on their way; orders that did not are missing.
 *
 * @param micros since the epoch
 */
public record Reached(String place, Map<UUID, Long> micros) {

    static final String ACCEPTED = "accepted";

    static final long NEVER = Long.MAX_VALUE;

    /** The first place of all. */
    public static Reached accepted(List<Order> orders) {
        return new Reached(ACCEPTED, orders.stream().collect(Collectors.toMap(Order::id, Order::answeredMicros)));
    }

    long at(UUID order) {
        return micros.getOrDefault(order, NEVER);
    }
}
