package caravan.common.messaging;

/** A step's action, or its compensation. */
public enum Direction {
    DO("do"),
    UNDO("undo");

    private final String wire;

    Direction(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }
}
