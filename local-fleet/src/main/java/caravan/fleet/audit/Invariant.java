package caravan.fleet.audit;

/** What must hold after any run. */
public enum Invariant {
    STOCK_ADDS_UP("for each product: on hand + reserved + shipped = what was put in"),
    RESERVED_IS_PROMISED("for each product: reserved = what open and approved orders were promised"),
    MONEY_ADDS_UP("captured - refunded = total of the approved, uncancelled orders"),
    CAPTURED_ONCE("no payment is captured twice, no refund exceeds its capture"),
    NETWORK_AGREES(
            "the card network has captured and refunded what the payments say, but for those that were prefilled"),
    ONE_SAGA("every accepted order has exactly one saga that places it, and no saga is without its order"),
    SAGA_ENDS("every saga is ended, or stuck and listed"),
    APPROVED_HAS_ALL("an approved order has its stock, its payment and its parcel"),
    REJECTED_HAS_NONE("a rejected or cancelled order has no stock, no payment and no parcel"),
    ORDER_AGREES("the order's status is its sagas' outcome"),
    CANCEL_ENDS("a cancellation ends: with nothing left, or because the parcel had left"),
    ONE_CONFIRMATION("exactly one confirmation per order that was ever approved, none for others"),
    ONE_CANCELLATION("exactly one notice per order that was cancelled after its approval, none for others"),
    VIEW_IS_FOLD("the read model equals the fold of the events");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
