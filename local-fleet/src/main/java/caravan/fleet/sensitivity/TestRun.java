package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One test in a JVM of its own, as Maven would run it. */
final class TestRun {

    /** As in the root pom. */
    private static final List<String> FLAGS =
            List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    /** {@link OneTest}; not by its class, which needs JUnit, and that is on the other program's class path only. */
    private static final String PROGRAM = "caravan.fleet.sensitivity.OneTest";

    private static final String LAUNCHER = "junit-platform-launcher";

    /** Tests wait for 20 s at most, some of them twice; they and their servers take ten times as long when others build. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final long LOOK_EVERY_MS = 50;

    private TestRun() {}

    static Verdict of(WorkingCopy copy, Mutant mutant, String mavenHome, Path folder) {
        Path report = folder.resolve(mutant.name() + ".report");
        try {
            Files.deleteIfExists(report);
            Process process = Tool.start(
                    command(copy, mutant, mavenHome, report),
                    copy.module(mutant.module()),
                    folder.resolve(mutant.name() + ".log"));
            boolean gaveUp = !awaitWord(process, report);
            // Its servers notice by themselves that it has gone, and a failure is not mended by waiting for the end.
            process.destroyForcibly().waitFor();
            return Verdict.of(lines(report), gaveUp);
        } catch (IOException e) {
            throw new FleetException("Cannot read the report of a test: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private static List<String> command(WorkingCopy copy, Mutant mutant, String mavenHome, Path report) {
        List<String> command = new ArrayList<>(List.of(Tool.ofJdk("java")));
        command.addAll(FLAGS);
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        // Quarkus looks for artefacts as Maven does.
        command.add("-Dmaven.home=" + mavenHome);
        Stream.of(mutant.properties().split(" "))
                .filter(property -> !property.isBlank())
                .forEach(property -> command.add("-D" + property));
        command.add("-cp");
        command.add(copy.classPath(mutant.module()) + ":" + launcher(copy));
        command.addAll(List.of(PROGRAM, mutant.testClass(), mutant.testMethod(), report.toString()));
        return command;
    }

    /** Maven brings it along with the tests; not all of the modules have it themselves. */
    private static String launcher(WorkingCopy copy) {
        return Stream.of(copy.classPath("local-fleet").split(":"))
                .filter(jar -> jar.contains(LAUNCHER))
                .findFirst()
                .orElseThrow(() -> new FleetException("local-fleet lacks " + LAUNCHER + "."));
    }

    /** False when it has to be ended. */
    private static boolean awaitWord(Process process, Path report) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + LONGEST.toNanos();
        while (process.isAlive()) {
            if (lines(report).stream().anyMatch(TestRun::isLast)) {
                return true;
            }
            if (System.nanoTime() > endNs) {
                return false;
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
        return true;
    }

    private static boolean isLast(String line) {
        return line.startsWith(OneTest.FAILED) || line.equals(OneTest.PASSED);
    }

    private static List<String> lines(Path report) throws IOException {
        return Files.exists(report) ? Files.readAllLines(report) : List.of();
    }
}
