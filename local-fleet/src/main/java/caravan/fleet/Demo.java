package caravan.fleet;

/** {@code ./caravan demo}: four orders through the gateway, each with its timeline. */
final class Demo {
    private Demo() {}

    static int run(Arguments arguments) {
        System.err.println("caravan: '" + arguments.verb() + "' is not there yet.");
        return 1;
    }
}
