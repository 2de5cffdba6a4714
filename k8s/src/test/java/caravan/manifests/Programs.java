package caravan.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that operators use as well, run to their end. */
final class Programs {

    private static final int BOUND_SECONDS = 60;

    /** @param out what it printed, {@code err} what it complained of */
    record Ended(int code, String out, String err) {}

    private Programs() {}

    /** All objects of a folder, as one text of several YAML documents. */
    static String rendered(Path folder) {
        Ended ended = render(folder);
        if (ended.code() != 0) {
            throw new IllegalStateException("kubectl cannot render " + folder + ": " + ended.err());
        }
        return ended.out();
    }

    static Ended render(Path folder) {
        return run("", List.of("kubectl", "kustomize", folder.toString()));
    }

    /** @param in is given to it to read */
    static Ended run(String in, List<String> command) {
        try {
            Path out = Files.createTempFile("program-", ".out");
            Path err = Files.createTempFile("program-", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(in.getBytes(StandardCharsets.UTF_8));
                }
                if (!process.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command + " has not ended after " + BOUND_SECONDS + " s");
                }
                return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot run " + command.getFirst()
                            + ". The manifests are rendered with kubectl: install version 1.30 or newer, so that 'kubectl version --client' answers.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
