package caravan.fleet;

import caravan.fleet.sensitivity.Sensitivity;
import java.net.URI;
import java.nio.file.Path;

/** The part of {@code ./caravan} that is Java: one verb per call. Exit code 0 is success, 1 is trouble that was said in one sentence. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        try {
            System.exit(run(Arguments.parse(args)));
        } catch (FleetException e) {
            System.err.println("caravan: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(Arguments arguments) {
        Path checkout = Checkout.find().root();
        DataFolder folder = arguments.folder(checkout);
        return switch (arguments.verb()) {
            case "up" -> new Up(arguments, checkout).run();
            case "down" -> Down.run(folder);
            case "status" -> Status.run(folder);
            case "reset" -> Reset.run(folder, arguments.yes());
            case "demo" -> Demo.run(arguments, folder);
            case "audit" -> Audit.run(arguments, System.out);
            case "ledger" -> LedgerRun.run(arguments, folder);
            case "rebuild-views" ->
                RebuildViews.run(
                        URI.create(arguments.ports().url("gateway")),
                        Credentials.of(folder).operator(),
                        System.out);
            case "sagas" -> ops(OpsCommand.Things.SAGAS, arguments, folder);
            case "dead-letters" -> ops(OpsCommand.Things.DEAD_LETTERS, arguments, folder);
            case "trace" ->
                TraceOrder.run(
                        arguments.words(),
                        URI.create("http://" + Sockets.HOST + ":"
                                + arguments.ports().traces()),
                        FleetState.read(folder).isPresent(),
                        System.out);
            case "bench" -> Benchmark.run(arguments, folder);
            case "sensitivity" ->
                Sensitivity.run(arguments.words(), checkout, Path.of(System.getProperty("caravan.maven")), System.out);
            case "chaos" -> ChaosRun.run(arguments, folder);
            default -> throw new FleetException("There is no verb '" + arguments.verb() + "': see './caravan help'.");
        };
    }

    private static int ops(OpsCommand.Things things, Arguments arguments, DataFolder folder) {
        return OpsCommand.run(
                things,
                arguments.words(),
                URI.create(arguments.ports().url("gateway")),
                Credentials.of(folder).operator(),
                System.out);
    }
}
