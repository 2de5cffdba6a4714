package caravan.audit;

/**
 * Something that is not as it must be.
 *
 * @param subject an order id, a sku, or {@code fleet}
 * @param what states and numbers: nothing that a person typed
 */
public record Violation(Invariant invariant, String subject, String what) {}
