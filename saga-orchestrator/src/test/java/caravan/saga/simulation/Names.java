package caravan.saga.simulation;

import caravan.saga.cancelorder.CancelOrder;
import java.util.UUID;

/** Ids of orders and sagas, and what they are called in a story. */
final class Names {

    private static final int MOST = 16;
    private static final UUID[] ORDERS = new UUID[MOST];
    private static final UUID[] CANCELLING = new UUID[MOST];

    static {
        for (int i = 0; i < MOST; i++) {
            ORDERS[i] = new UUID(0x018F_0000_0000_7000L, 0x8000_0000_0000_0000L + i);
            CANCELLING[i] = CancelOrder.sagaOf(ORDERS[i]);
        }
    }

    private Names() {}

    static UUID order(int number) {
        return ORDERS[number];
    }

    /** The saga that cancels it. */
    static UUID cancelling(int number) {
        return CANCELLING[number];
    }

    /** Any text with names instead of ids. */
    static String in(String text) {
        String named = text;
        for (int i = 0; i < MOST; i++) {
            named = named.replace(ORDERS[i].toString(), "order-" + i).replace(CANCELLING[i].toString(), "cancel-" + i);
        }
        return named;
    }
}
