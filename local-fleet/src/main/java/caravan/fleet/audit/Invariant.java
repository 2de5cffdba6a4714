package caravan.fleet.audit;

/** What must hold after any run. */
public enum Invariant {
    STOCK_ADDS_UP("for each product: on hand + reserved + shipped = what was put in"),
    RESERVED_IS_PROMISED("for each product: reserved = what open and approved orders were promised"),
    MONEY_ADDS_UP("captured - refunded = total of the approved orders"),
    CAPTURED_ONCE("no payment is captured twice, no refund exceeds its capture"),
    NETWORK_AGREES("the card network has captured and refunded what the payments say"),
    ONE_SAGA("every accepted order has exactly one saga, and no saga is without its order"),
    SAGA_ENDS("every saga is ended, or stuck and listed"),
    APPROVED_HAS_ALL("an approved order has its stock, its payment and its parcel"),
    REJECTED_HAS_NONE("a rejected order has no stock, no payment and no parcel"),
    ORDER_AGREES("the order's status is its saga's outcome"),
    ONE_CONFIRMATION("exactly one confirmation per approved order, none for others"),
    VIEW_IS_FOLD("the read model equals the fold of the events");

    private final String sentence;

    Invariant(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
