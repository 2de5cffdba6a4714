package caravan.fleet;

import java.nio.file.Path;
import java.util.List;

/** The card network as a process of its own: somebody else's system, which may die and stand still like any other. */
final class CardNetworkProgram implements Part {
    static final String NAME = "card-network";

    private static final List<String> JVM_FLAGS = List.of(
            "-Xms16m",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private final int port;
    private final Path journal;

    CardNetworkProgram(int port, Path home) {
        this.port = port;
        this.journal = home.resolve("journal.jsonl");
    }

    /** In the process: {@code <port> <journal>}. */
    public static void main(String[] arguments) throws InterruptedException {
        CardNetwork network = CardNetwork.start(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(network::close, "stop"));
        Thread.currentThread().join();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    @Override
    public void prepare(Path log) {
        // The journal is made when it is opened.
    }

    @Override
    public List<String> command() {
        return Command.java(
                JVM_FLAGS,
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        CardNetworkProgram.class.getName(),
                        Integer.toString(port),
                        journal.toString()));
    }

    @Override
    public boolean ready() {
        return Probe.answers(port, "/health");
    }
}
