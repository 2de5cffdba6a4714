package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The data of one PostgreSQL, and beside it a mark while nothing in it may be used yet. */
record PostgresFolder(Path home) {
    Path data() {
        return home.resolve("data");
    }

    /** Whether there is data that was finished once. A folder without PG_VERSION was cut off before anything in it was used. */
    boolean usable() {
        return Files.exists(data().resolve("PG_VERSION")) && !Files.exists(mark());
    }

    /** Throws away what is there; until {@link #finish} whatever comes in its place does not count. */
    void begin() {
        try {
            Files.createDirectories(home);
            Files.writeString(mark(), "This data was never finished: it is thrown away at the next start\n");
        } catch (IOException e) {
            throw unwritable(e);
        }
        DataFolder.delete(data());
    }

    void finish() {
        try {
            Files.deleteIfExists(mark());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * PostgreSQL refuses to start while the pid in its lock file is alive, and after a power cut that pid may be anybody's. Who calls this owns the folder, so the
     * file may go; a server that really still uses this data is ended first.
     */
    void endForgottenServer(String signal, Duration bound) {
        Path lockFile = data().resolve("postmaster.pid");
        try {
            if (!Files.exists(lockFile)) {
                return;
            }
            long pid = Long.parseLong(Files.readAllLines(lockFile).getFirst().strip());
            ProcessHandle.of(pid)
                    .filter(p -> p.info().commandLine().orElse("").contains(data().toString()))
                    .ifPresent(p -> {
                        PidFile.signal(p, signal);
                        PidFile.awaitExit(p, bound.toMillis());
                    });
            Files.deleteIfExists(lockFile);
        } catch (IOException | NumberFormatException e) {
            throw new FleetException("Cannot read " + lockFile + ": " + e.getMessage(), e);
        }
    }

    private FleetException unwritable(IOException e) {
        return new FleetException("Cannot write to " + home + ": " + e.getMessage(), e);
    }

    private Path mark() {
        return home.resolve("unfinished");
    }
}
