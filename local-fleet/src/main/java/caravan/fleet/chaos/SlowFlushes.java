package caravan.fleet.chaos;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A disk that takes its time: strace looks on at processes and lets each of their flushes, also those of processes to come, return later. */
final class SlowFlushes {

    private static final String STRACE = "strace";
    private static final Duration ATTACH_BOUND = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_NS = 50_000_000;
    private static final long DETACH_SECONDS = 10;

    private SlowFlushes() {}

    static Injection attach(List<ProcessHandle> processes, Duration perFlush) {
        if (!installed()) {
            return new Injection.Skipped("strace is not installed: 'apt-get install strace' brings it");
        }
        try {
            Path said = Files.createTempFile("caravan-strace", ".log");
            Process strace = new ProcessBuilder(command(processes, perFlush))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            boolean attached = awaitAttached(strace, processes.getFirst());
            String trouble = Files.readString(said, StandardCharsets.UTF_8).strip();
            Files.delete(said);
            if (!attached) {
                detach(strace);
                return new Injection.Skipped("strace cannot attach here: " + trouble);
            }
            return new Injection.Done(() -> detach(strace));
        } catch (IOException e) {
            throw new FleetException("Cannot start strace: " + e.getMessage(), e);
        }
    }

    private static boolean installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, STRACE)));
    }

    private static List<String> command(List<ProcessHandle> processes, Duration perFlush) {
        List<String> command = new ArrayList<>(List.of(
                STRACE,
                "-f",
                "-qq",
                "-e",
                "trace=fsync,fdatasync",
                "-e",
                "signal=none",
                "-e",
                "inject=fsync,fdatasync:delay_exit=" + perFlush.toNanos() / 1_000,
                "-o",
                "/dev/null"));
        processes.forEach(process -> command.addAll(List.of("-p", Long.toString(process.pid()))));
        return command;
    }

    private static boolean awaitAttached(Process strace, ProcessHandle first) {
        long endNs = System.nanoTime() + ATTACH_BOUND.toNanos();
        while (strace.isAlive() && System.nanoTime() < endNs) {
            if (traced(first)) {
                return true;
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        return false;
    }

    private static boolean traced(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.anyMatch(line -> line.startsWith("TracerPid:") && !line.endsWith("\t0"));
        } catch (IOException | java.io.UncheckedIOException _) {
            return false;
        }
    }

    /** Asked to end, strace lets go of everybody first. */
    private static void detach(Process strace) {
        strace.destroy();
        try {
            if (!strace.waitFor(DETACH_SECONDS, TimeUnit.SECONDS)) {
                strace.destroyForcibly();
            }
        } catch (InterruptedException _) {
            strace.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
