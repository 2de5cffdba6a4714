package caravan.fleet.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** promtool and amtool. */
final class Tool {
    private static final long BOUND_SECONDS = 120;

    record Result(int exitCode, String output) {}

    private Tool() {}

    static Result promtool(String... arguments) {
        return run("promtool", arguments);
    }

    static Result amtool(String... arguments) {
        return run("amtool", arguments);
    }

    private static Result run(String program, String... arguments) {
        List<String> command =
                Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
        try {
            // Into a file: whoever does not read a pipe makes its writer wait.
            Path output = Files.createTempFile(program, ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(Sources.PROMETHEUS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " has no end");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    program + " is missing: apt-get install prometheus prometheus-alertmanager", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
