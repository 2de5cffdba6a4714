package caravan.fleet;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that do one thing and end, and the JVM that other JVMs are started with. */
final class Command {
    private static final long BOUND_SECONDS = 120;

    /** Part of every Linux; elsewhere the programs share the terminal's session. */
    private static final Optional<String> SETSID = onPath("setsid");

    private Command() {}

    /** @throws FleetException when the program fails; its output is in the log */
    static void run(String what, List<String> command, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
            if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new FleetException("Could not " + what + " within " + BOUND_SECONDS + " s: see " + log + ".");
            }
            if (process.exitValue() != 0) {
                throw new FleetException(
                        "Could not " + what + " (exit code " + process.exitValue() + "): see " + log + ".");
            }
        } catch (IOException e) {
            throw new FleetException("Could not " + what + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    /** Ctrl-C reaches every process of the terminal's session; the order in which the fleet stops must stay the supervisor's. */
    static List<String> inOwnSession(List<String> command) {
        if (SETSID.isEmpty()) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(command);
        wrapped.addFirst(SETSID.get());
        return wrapped;
    }

    /** As root inside a user namespace, for programs that refuse to be root: PostgreSQL and PgBouncer. */
    static List<String> notAsRoot(List<String> command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return command;
        }
        if (!LinuxUtils.isUnshareAvailable()) {
            throw new FleetException(
                    "PostgreSQL refuses to run as root and this system does not allow 'unshare -U': run Caravan as an ordinary user.");
        }
        List<String> wrapped = new ArrayList<>(List.of("unshare", "-U"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static Optional<String> onPath(String program) {
        return find(program).map(Path::toString);
    }

    /** On the path or in one of these folders. */
    static Optional<Path> find(String program, String... folders) {
        String[] path = System.getenv().getOrDefault("PATH", "").split(":");
        return Stream.concat(Stream.of(path), Stream.of(folders))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A JVM of the same JDK as this one. */
    static List<String> java(List<String> flags, List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(program);
        return List.copyOf(command);
    }
}
