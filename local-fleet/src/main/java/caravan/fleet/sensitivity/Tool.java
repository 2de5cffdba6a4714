package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the JDK and Maven, with their output in a file. Their children end with this program. */
final class Tool {

    private Tool() {}

    static Process start(List<String> command, Path folder, Path log) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return process;
        } catch (IOException e) {
            throw new FleetException("Cannot start " + command.getFirst() + ": " + e.getMessage(), e);
        }
    }

    /** Whether it ended well within the bound; else it is ended. */
    static boolean succeeds(List<String> command, Path folder, Path log, Duration bound) {
        Process process = start(command, folder, log);
        try {
            if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    static String ofJdk(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
