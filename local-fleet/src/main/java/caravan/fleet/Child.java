package caravan.fleet;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Part} running once as a process of its own, recorded in {@code run/<name>.pid} and logging to {@code log/<name>.log}. Safe for use by several
 * threads.
 */
public final class Child implements AutoCloseable {
    /** A log that is longer than this when its program starts is put aside once; only one old one is kept. */
    private static final long LOG_LIMIT_BYTES = 8L << 20;

    private static final long PROBE_EVERY_MS = 50;

    private final Part part;
    private final Process process;
    private final PidFile pidFile;
    private final Path log;
    private final Instant started = Instant.now();

    private Child(Part part, Process process, PidFile pidFile, Path log) {
        this.part = part;
        this.process = process;
        this.pidFile = pidFile;
        this.log = log;
    }

    /**
     * Prepares and starts the part and returns at once; {@link #awaitReady} waits for it.
     *
     * @throws FleetException when its port is taken or its program cannot be started
     */
    public static Child start(Part part, DataFolder folder) {
        Path log = folder.log(part.name());
        rotate(log);
        for (int port : part.ports()) {
            Sockets.requireFree(port, part.name());
        }
        part.prepare(log);
        ProcessBuilder builder = new ProcessBuilder(Command.inOwnSession(part.command()))
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(part.environment());
        try {
            return recorded(part, builder.start(), folder.run(part.name() + ".pid"), log);
        } catch (IOException e) {
            throw new FleetException("Cannot start " + part.name() + ": " + e.getMessage(), e);
        }
    }

    private static Child recorded(Part part, Process process, Path file, Path log) {
        try {
            return new Child(part, process, PidFile.write(file, process.toHandle()), log);
        } catch (FleetException e) {
            // A process that nobody could find again must not stay.
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * Waits until the part answers its probe.
     *
     * @throws FleetException when it ended or did not get ready in its bound; the message ends with the last lines of its log
     */
    public Child awaitReady() {
        long endNs = System.nanoTime() + part.startBound().toNanos();
        while (!part.ready()) {
            if (!process.isAlive()) {
                throw new FleetException(part.name() + " ended with exit code " + process.exitValue()
                        + " while it started." + lastLines());
            }
            if (System.nanoTime() > endNs) {
                throw new FleetException(part.name() + " was not ready after "
                        + part.startBound().toSeconds() + " s." + lastLines());
            }
            Sockets.pause(PROBE_EVERY_MS);
        }
        part.onReady();
        return this;
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits for the end, at most so long. */
    boolean ended(long boundMs) throws InterruptedException {
        return process.waitFor(boundMs, TimeUnit.MILLISECONDS);
    }

    /** Of one that has ended. */
    int exitCode() {
        return process.exitValue();
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    Duration uptime() {
        return Duration.between(started, Instant.now());
    }

    /** Ends the program as a power cut would (SIGKILL) and returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        PidFile.awaitExit(process.toHandle(), Duration.ofSeconds(10).toMillis());
    }

    /** Asks the program to end, kills it after its bound, and returns when it is gone. */
    @Override
    public void close() {
        pidFile.end(part.stopSignal(), part.stopBound().toMillis());
    }

    String lastLines() {
        try {
            List<String> lines = Files.exists(log)
                    ? Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1)
                    : List.of();
            String tail = String.join("\n    ", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
            return "\n  The end of " + log + ":\n    " + tail;
        } catch (IOException e) {
            return " Its log cannot be read: " + e.getMessage();
        }
    }

    private static void rotate(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + log + ": " + e.getMessage(), e);
        }
    }
}
