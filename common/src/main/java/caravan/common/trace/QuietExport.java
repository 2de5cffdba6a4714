package caravan.common.trace;

import io.quarkus.logging.LoggingFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Lets one line a minute through of what the exporter of spans has to say: a collector that is away for an hour costs sixty lines, and
 * nothing else but the spans. All other lines pass.
 */
@LoggingFilter(name = "quiet-export")
public final class QuietExport implements Filter {

    private static final long PAUSE_NS = Duration.ofMinutes(1).toNanos();

    private static final List<String> EXPORTERS =
            List.of("io.quarkus.opentelemetry.runtime.exporter", "io.opentelemetry.exporter", "io.opentelemetry.sdk");

    private final LongSupplier clockNs;
    private final AtomicLong nextNs;

    public QuietExport() {
        this(System::nanoTime);
    }

    QuietExport(LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.nextNs = new AtomicLong(clockNs.getAsLong());
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        return !isOfExporter(line.getLoggerName()) || isTime();
    }

    private static boolean isOfExporter(String logger) {
        return logger != null && EXPORTERS.stream().anyMatch(logger::startsWith);
    }

    private boolean isTime() {
        long now = clockNs.getAsLong();
        long next = nextNs.get();
        return now - next >= 0 && nextNs.compareAndSet(next, now + PAUSE_NS);
    }
}
