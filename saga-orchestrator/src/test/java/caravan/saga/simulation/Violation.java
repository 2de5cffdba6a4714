package caravan.saga.simulation;

/** An invariant does not hold. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Invariant invariant;
    private final String what;

    Violation(Invariant invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
        this.what = what;
    }

    /** The same as the message, which may be null for the language. */
    String what() {
        return invariant + ": " + what;
    }

    Invariant invariant() {
        return invariant;
    }
}
