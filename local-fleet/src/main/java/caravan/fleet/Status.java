package caravan.fleet;

import caravan.fleet.FleetState.PartState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** {@code ./caravan status}: what runs, whether it is ready now, and what it costs. */
final class Status {
    private static final String ROW = "%-22s %8s %6s  %-9s %8s %8s  %s%n";

    private Status() {}

    /** Exit code 0 when everything that was started is ready, else 1. */
    static int run(DataFolder folder) {
        Optional<ProcessHandle> supervisor = FleetLock.holder(folder);
        Optional<FleetState> state = FleetState.read(folder);
        if (supervisor.isEmpty() || state.isEmpty()) {
            System.out.println("Caravan is not running in " + folder.root() + ".");
            return 1;
        }
        System.out.printf(Locale.ROOT, ROW, "part", "pid", "port", "state", "restarts", "MB", "up for");
        long totalBytes = row("supervisor, simulators", supervisor.get(), 0, "ready", 0);
        boolean allReady = true;
        for (PartState part : state.get().parts()) {
            Optional<ProcessHandle> process = ProcessHandle.of(part.pid()).filter(ProcessHandle::isAlive);
            boolean ready = process.isPresent() && Probe.ready(part);
            allReady &= ready;
            totalBytes += row(part, process, ready);
        }
        System.out.printf(
                Locale.ROOT,
                "%nTotal resident memory: %d MB (pages that processes share are counted once)%n",
                totalBytes >> 20);
        return allReady ? 0 : 1;
    }

    private static long row(PartState part, Optional<ProcessHandle> process, boolean ready) {
        int port = part.ports().getFirst();
        if (process.isEmpty()) {
            System.out.printf(Locale.ROOT, ROW, part.name(), "-", port, "down", part.restarts(), "-", "-");
            return 0;
        }
        return row(part.name(), process.get(), port, ready ? "ready" : "not ready", part.restarts());
    }

    private static long row(String name, ProcessHandle process, int port, String state, int restarts) {
        long bytes = PartProcesses.of(name, process).stream()
                .mapToLong(Memory::residentBytes)
                .sum();
        System.out.printf(
                Locale.ROOT,
                ROW,
                name,
                process.pid(),
                port == 0 ? "" : port,
                state,
                restarts,
                bytes >> 20,
                uptime(process));
        return bytes;
    }

    private static String uptime(ProcessHandle process) {
        Duration up = process.info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()))
                .orElse(Duration.ZERO);
        return up.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %02d min", up.toHours(), up.toMinutesPart())
                : String.format(Locale.ROOT, "%d min %02d s", up.toMinutes(), up.toSecondsPart());
    }
}
