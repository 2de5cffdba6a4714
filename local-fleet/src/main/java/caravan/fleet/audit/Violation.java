package caravan.fleet.audit;

/**
 * Something that is not as it must be.
 *
 * @param subject an order id, a sku, or {@code fleet}
 */
public record Violation(Invariant invariant, String subject, String what) {}
