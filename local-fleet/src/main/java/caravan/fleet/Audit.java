package caravan.fleet;

/** {@code ./caravan audit}: the invariants of the protocol, checked from the databases alone. */
final class Audit {
    private Audit() {}

    static int run(Arguments arguments) {
        System.err.println("caravan: '" + arguments.verb() + "' is not there yet.");
        return 1;
    }
}
