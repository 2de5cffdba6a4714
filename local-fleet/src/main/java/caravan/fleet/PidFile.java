package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Who a recorded process is. A pid alone is reused after a reboot or a long day, so its start time is kept with it, and only a process that matches both is
 * ever signalled.
 */
record PidFile(Path file, long pid, long startedEpochMs) {
    private static final String SUFFIX = ".pid";

    /** The system derives start times from a boot time that moves a little when the clock is set. */
    private static final long TOLERANCE_MS = 2000;

    static PidFile write(Path file, ProcessHandle process) {
        PidFile pidFile = new PidFile(file, process.pid(), startOf(process));
        try {
            Files.writeString(file, pidFile.pid + " " + pidFile.startedEpochMs + "\n");
        } catch (IOException e) {
            throw new FleetException("Cannot write " + file + ": " + e.getMessage(), e);
        }
        return pidFile;
    }

    static List<PidFile> allIn(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .flatMap(f -> read(f).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty when there is no such file, or only a part of one (a power cut in the middle of writing it). */
    static Optional<PidFile> read(Path file) {
        try {
            String[] words = Files.readString(file).strip().split(" ", 2);
            return Optional.of(new PidFile(file, Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }

    String name() {
        String fileName = String.valueOf(file.getFileName());
        return fileName.substring(0, fileName.length() - SUFFIX.length());
    }

    /** The process, if it still is the one that was recorded. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(p -> p.isAlive() && Math.abs(startOf(p) - startedEpochMs) <= TOLERANCE_MS);
    }

    /** Asks the process to end, kills it and its children when the bound has passed, and removes the file. */
    void end(String signal, long boundMs) {
        process().ifPresent(p -> {
            List<ProcessHandle> children = p.descendants().toList();
            signal(p, signal);
            if (!awaitExit(p, boundMs)) {
                p.destroyForcibly();
                awaitExit(p, TimeUnit.SECONDS.toMillis(5));
            }
            children.forEach(ProcessHandle::destroyForcibly);
        });
        remove();
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void signal(ProcessHandle process, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static boolean awaitExit(ProcessHandle process, long boundMs) {
        try {
            process.onExit().get(boundMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException _) {
            return !process.isAlive();
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
