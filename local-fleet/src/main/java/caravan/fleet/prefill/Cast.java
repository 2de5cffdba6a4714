package caravan.fleet.prefill;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who plays in a prefill.
 *
 * @param approved real orders that ended so, the patterns of others; so are {@code declined} and {@code undeliverable}
 * @param buyers customers who shall have old orders, among many that nobody knows
 */
public record Cast(List<UUID> approved, List<UUID> declined, List<UUID> undeliverable, List<Buyer> buyers) {

    /**
     * A customer.
     *
     * @param email the UUID in the customer's address
     */
    public record Buyer(UUID id, UUID email) {}

    public Cast {
        approved = List.copyOf(approved);
        declined = List.copyOf(declined);
        undeliverable = List.copyOf(undeliverable);
        buyers = List.copyOf(buyers);
    }

    /** All of the real orders. */
    public List<UUID> samples() {
        return Stream.of(approved, declined, undeliverable)
                .flatMap(List::stream)
                .toList();
    }
}
