package caravan.saga.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The model checker: makes a C program of the model, has it compiled, and runs it over every state that can be reached. */
final class Spin {

    /** @param complete no state was left out for want of depth, memory or time */
    record Search(
            long errors, long states, long depth, double megabytes, double seconds, boolean complete, String output) {}

    private static final Path MODEL = Path.of("src/model/saga.pml").toAbsolutePath();
    private static final Path WORK = Path.of("target/model").toAbsolutePath();

    /** The largest search needs half a minute on a core of its own; on a busy machine it may get a tenth of one. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    private static final int MOST_MEGABYTES = 2_000;
    private static final int MOST_DEPTH = 100_000;

    private final Path folder;

    private Spin(String name) {
        this.folder = WORK.resolve(name);
    }

    /** Every state, for assertions. */
    static Search safety(String name, String... defines) {
        return new Spin(name).search(List.of("-DSAFETY"), List.of(), defines);
    }

    /** Every run, for what must come about in the end; a process that can go on does so at some time. */
    static Search liveness(String name, String... defines) {
        // NFAIR: bits for the processes, three in a byte; two bytes and one more are enough for twelve.
        return new Spin(name).search(List.of("-DNFAIR=4"), List.of("-a", "-f"), defines);
    }

    private Search search(List<String> compile, List<String> run, String... defines) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> generate = new ArrayList<>(List.of("spin"));
        Arrays.stream(defines).map(define -> "-D" + define).forEach(generate::add);
        generate.addAll(List.of("-a", MODEL.toString()));
        run(generate);
        List<String> compiler = new ArrayList<>(List.of("gcc", "-O2", "-DCOLLAPSE", "-DMEMLIM=" + MOST_MEGABYTES));
        compiler.addAll(compile);
        compiler.addAll(List.of("-o", "pan", "pan.c"));
        run(compiler);
        List<String> checker = new ArrayList<>(List.of(folder.resolve("pan").toString(), "-m" + MOST_DEPTH));
        checker.addAll(run);
        long startedNs = System.nanoTime();
        String output = run(checker);
        return read(output, (System.nanoTime() - startedNs) / 1e9);
    }

    private String run(List<String> command) {
        Path output = folder.resolve(Path.of(command.getFirst()).getFileName() + ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("longer than " + LONGEST + ": " + command);
            }
            String said = Files.readString(output);
            if (process.exitValue() != 0 && !said.contains("errors:")) {
                throw new AssertionError(command + "\n" + said);
            }
            return said;
        } catch (IOException e) {
            throw new AssertionError(
                    "cannot run %s: apt-get install -y spin gcc libc6-dev".formatted(command.getFirst()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Search read(String output, double seconds) {
        boolean complete = !output.contains("Search not completed")
                && !output.contains("max search depth too small")
                && !output.contains("out of memory");
        return new Search(
                (long) number(output, "errors: (\\d+)"),
                (long) number(output, "(\\d+) states, stored"),
                (long) number(output, "depth reached (\\d+)"),
                number(output, "([\\d.]+)\\s+total actual memory usage"),
                seconds,
                complete,
                output);
    }

    private static double number(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        if (!matcher.find()) {
            throw new AssertionError("no " + pattern + " in\n" + output);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
