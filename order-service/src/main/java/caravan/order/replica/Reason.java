package caravan.order.replica;

import java.util.Locale;

/** Why a read is answered where it is. The names are the metric's labels. */
enum Reason {
    /** It asks for nothing in particular. */
    ANY(Node.REPLICA),
    /** The replica has what the token names. */
    REPLAYED(Node.REPLICA),
    /** It had it a moment later. */
    WAITED(Node.REPLICA),
    /** Whoever reads wants the newest there is. */
    NEWEST(Node.PRIMARY),
    /** The replica does not have yet what the token names. */
    BEHIND(Node.PRIMARY),
    /** The replica is too far behind for everybody. */
    LAGGING(Node.PRIMARY),
    /** It does not answer, or there is none. */
    AWAY(Node.PRIMARY),
    /** It has no such row, which may be because it is a moment behind. */
    MISSING(Node.PRIMARY),
    /** It was asked, and failed. */
    FAILED(Node.PRIMARY);

    enum Node {
        PRIMARY,
        REPLICA
    }

    private final Node node;

    Reason(Node node) {
        this.node = node;
    }

    Node node() {
        return node;
    }

    static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
