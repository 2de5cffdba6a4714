package caravan.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of other processes, as the system counts it. */
final class Memory {
    private static final long KIB = 1024;

    private Memory() {}

    /** The proportional set size: resident pages, a shared one divided among those that share it. 0 when the process has gone. */
    static long residentBytes(ProcessHandle process) {
        Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        try (var lines = Files.lines(rollup)) {
            return lines.filter(line -> line.startsWith("Pss:"))
                            .mapToLong(Memory::kib)
                            .findFirst()
                            .orElse(0)
                    * KIB;
        } catch (IOException | java.io.UncheckedIOException _) {
            return byPs(process);
        }
    }

    /**
     * Looks whether so much is left for programs that are to be started; systems that do not tell are trusted.
     *
     * @throws FleetException saying how much is missing
     */
    static void require(long bytes, String what) {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            long available = lines.filter(line -> line.startsWith("MemAvailable:"))
                            .mapToLong(Memory::kib)
                            .findFirst()
                            .orElse(Long.MAX_VALUE / KIB)
                    * KIB;
            if (available < bytes) {
                throw new FleetException("%s needs %d MB of memory, and %d MB are available: './caravan down' may help."
                        .formatted(what, bytes >> 20, available >> 20));
            }
        } catch (IOException _) {
            // No /proc.
        }
    }

    private static long kib(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Systems without /proc; shared pages count in each process there. */
    private static long byPs(ProcessHandle process) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
            String digits =
                    new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\D", "");
            return digits.isEmpty() ? 0 : Long.parseLong(digits) * KIB;
        } catch (IOException _) {
            return 0;
        }
    }
}
