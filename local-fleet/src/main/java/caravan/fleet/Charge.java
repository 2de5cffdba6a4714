package caravan.fleet;

/** What the card network remembers of one idempotency key, for ever. */
sealed interface Charge {
    /**
     * Money taken.
     *
     * @param number makes the id
     * @param requestHash tells a retry from a different request under the same key
     */
    record Captured(long number, int requestHash, long amountMinor, String currency) implements Charge {
        String id() {
            return "ch_%08d".formatted(number);
        }
    }

    record Declined(int requestHash, String reason) implements Charge {}

    /** Refunded, or blocked before anything was captured (then {@code refundedMinor} is 0). */
    record Reversed(long refundedMinor) implements Charge {}
}
