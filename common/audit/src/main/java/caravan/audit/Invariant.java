package caravan.audit;

import java.util.Locale;

/** What must hold after any run, and of whatever has ended also during one. */
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

    /** Its name as a metric's label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether what looks broken while a fleet is at work may only be late: nothing that is under way holds up the others, but a
     * view waits for its events, a cancellation and an order for a saga that takes them up, a deadline for its sweeper.
     */
    public boolean mayBeLate() {
        return switch (this) {
            case ONE_SAGA, SAGA_ENDS, CANCEL_ENDS, VIEW_IS_FOLD -> true;
            case STOCK_ADDS_UP,
                    RESERVED_IS_PROMISED,
                    MONEY_ADDS_UP,
                    CAPTURED_ONCE,
                    NETWORK_AGREES,
                    APPROVED_HAS_ALL,
                    REJECTED_HAS_NONE,
                    ORDER_AGREES,
                    ONE_CONFIRMATION,
                    ONE_CANCELLATION -> false;
        };
    }
}
