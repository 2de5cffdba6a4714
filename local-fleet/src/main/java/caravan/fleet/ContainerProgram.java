package caravan.fleet;

import caravan.fleet.audit.Databases;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * What the container image of this module does: {@code card-network <port> <journal>}, which is what it does without arguments, {@code alerts <port> <file>},
 * and for compose {@code secrets <folder>} and {@code demo <folder>}. {@code mail <SMTP port> <page port> <file>} and {@code traces <port>} stand in where no image of the real thing is to be had.
 * {@code health <port> <path>} exits with 0 when the path answers 200.
 */
final class ContainerProgram {
    private static final List<String> UNLESS_TOLD = List.of("card-network", "8090", "/tmp/card-network.jsonl");

    /** The names of compose. */
    private static final String GATEWAY = "http://gateway:8080";

    private static final String CARD_NETWORK = "http://card-network:8090";
    private static final String DATABASE = "postgres";
    private static final int DATABASE_PORT = 5432;

    private ContainerProgram() {}

    public static void main(String[] arguments) {
        try {
            System.exit(run(arguments.length == 0 ? UNLESS_TOLD : List.of(arguments)));
        } catch (FleetException e) {
            System.err.println("caravan: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> words) {
        return switch (words.getFirst()) {
            case "card-network" -> stay(CardNetwork.start(port(words, 1), file(words, 2)));
            case "alerts" -> stay(AlertLog.start(port(words, 1), file(words, 2), System.out::println));
            case "mail" -> stay(MailSink.start(port(words, 1), port(words, 2), file(words, 3)));
            case "traces" -> stay(TraceSink.start(port(words, 1)));
            case "health" -> Probe.answers(port(words, 1), word(words, 2)) ? 0 : 1;
            case "secrets" -> ContainerSecrets.make(file(words, 1), System.out);
            case "demo" ->
                demo(ContainerSecrets.credentials(file(words, 1)), ContainerSecrets.databasePassword(file(words, 1)));
            default ->
                throw new FleetException("There is no program '" + String.join(" ", words)
                        + "' in this image: card-network, alerts, mail, traces, health, secrets or demo.");
        };
    }

    private static int demo(Credentials credentials, String databasePassword) {
        Databases databases = new Databases(DATABASE, DATABASE_PORT, PostgresServer.USER, databasePassword);
        return Demo.run(
                URI.create(GATEWAY), credentials.customer(), () -> Audit.run(databases, CARD_NETWORK, System.out));
    }

    /** Until this process is asked to end. */
    private static int stay(AutoCloseable program) {
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(program), "stop"));
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static void close(AutoCloseable program) {
        try {
            program.close();
        } catch (Exception e) {
            System.err.println("caravan: " + e.getMessage());
        }
    }

    private static int port(List<String> words, int index) {
        try {
            return Integer.parseInt(word(words, index));
        } catch (NumberFormatException e) {
            throw new FleetException("'" + word(words, index) + "' is no port.", e);
        }
    }

    private static Path file(List<String> words, int index) {
        return Path.of(word(words, index));
    }

    private static String word(List<String> words, int index) {
        if (index >= words.size()) {
            throw new FleetException("'" + String.join(" ", words) + "' lacks an argument.");
        }
        return words.get(index);
    }
}
