package caravan.fleet.audit;

/** @param subject an order id, a sku, or {@code fleet} */
public record Violation(Invariant invariant, String subject, String what) {}
