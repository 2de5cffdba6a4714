package caravan.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The secrets of a fleet in containers: random, made at the first start, one folder (in compose: one volume) for each who reads them. A service reads a file of
 * properties, so that no secret is in its environment, where {@code docker inspect} would show it.
 */
final class ContainerSecrets {
    private static final String PEOPLE = "people";
    private static final String DATABASE = "database";
    private static final String PASSWORD = "password";
    /** Everybody in the container may read it; who mounts the volume is what decides. */
    private static final int READABLE = 0444;
    /** Each service appends to a file of its own, and each is a user of its own. */
    private static final int SHARED = 01777;

    private ContainerSecrets() {}

    /**
     * Makes what is missing, and says who may log in.
     *
     * @param root has the folders {@code people database gateway order grafana logs}
     */
    static int make(Path root, PrintStream out) {
        Credentials credentials = credentials(root);
        permit(root.resolve(PEOPLE).resolve(Credentials.FILE), READABLE);
        permit(root.resolve(PEOPLE).resolve(Credentials.SECRETS_FILE), READABLE);
        String password = databasePassword(root);
        secret(root.resolve(DATABASE).resolve("replication-password"));
        secret(root.resolve("grafana").resolve(PASSWORD));
        write(
                root.resolve(DATABASE).resolve("userlist.txt"),
                "\"%s\" \"%s\"\n".formatted(PostgresServer.USER, password));
        properties(root.resolve(DATABASE).resolve("database.properties"), Map.of("caravan.db.password", password));
        properties(
                root.resolve("gateway").resolve("gateway.properties"), asProperties(credentials.gatewayEnvironment()));
        properties(
                root.resolve("order").resolve("order.properties"),
                Map.of("caravan.order.cursor-secret", credentials.cursorSecret()));
        permit(root.resolve("logs"), SHARED);
        out.printf(
                """
                Log in at http://localhost:8080 (operators: /console) as

                  customer    %s  %s
                  operator    %s  %s
                  API client  %s  %s
                %n""",
                credentials.customer().email(),
                credentials.customer().password(),
                credentials.operator().email(),
                credentials.operator().password(),
                credentials.client().clientId(),
                credentials.client().clientSecret());
        return 0;
    }

    static Credentials credentials(Path root) {
        return Credentials.of(new DataFolder(root.resolve(PEOPLE)));
    }

    static String databasePassword(Path root) {
        return secret(root.resolve(DATABASE).resolve(PASSWORD));
    }

    /** The names of environment variables as those of properties. */
    private static Map<String, String> asProperties(Map<String, String> environment) {
        Map<String, String> properties = new TreeMap<>();
        environment.forEach(
                (name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        return properties;
    }

    private static void properties(Path file, Map<String, String> properties) {
        write(
                file,
                properties.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    private static String secret(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException _) {
            String made = Credentials.random();
            write(file, made + "\n");
            return made;
        } catch (IOException e) {
            throw new FleetException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path file, String text) {
        PrivateFile.write(file, text);
        permit(file, READABLE);
    }

    private static void permit(Path path, int mode) {
        try {
            Files.setAttribute(path, "unix:mode", mode);
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + path + ": " + e.getMessage(), e);
        }
    }
}
