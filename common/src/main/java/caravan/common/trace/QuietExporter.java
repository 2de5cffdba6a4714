package caravan.common.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Counts the spans that a collector did not take and says so once a minute: a collector that is away for an hour costs sixty
 * lines, and nothing else but the spans.
 */
final class QuietExporter implements SpanExporter {

    private static final Logger LOG = Logger.getLogger(QuietExporter.class);
    private static final long PAUSE_NS = Duration.ofMinutes(1).toNanos();

    private final SpanExporter exporter;
    private final LongSupplier clockNs;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong nextLineNs;

    QuietExporter(SpanExporter exporter) {
        this(exporter, System::nanoTime);
    }

    QuietExporter(SpanExporter exporter, LongSupplier clockNs) {
        this.exporter = exporter;
        this.clockNs = clockNs;
        this.nextLineNs = new AtomicLong(clockNs.getAsLong());
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        // What is given may be used again once the result is there.
        int size = spans.size();
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> {
            if (!result.isSuccess()) {
                lost.addAndGet(size);
                tell();
            }
        });
        return result;
    }

    private void tell() {
        long now = clockNs.getAsLong();
        long next = nextLineNs.get();
        if (now - next >= 0 && nextLineNs.compareAndSet(next, now + PAUSE_NS)) {
            LOG.warnf("the trace collector does not take spans: %d lost since this was said last", lost.getAndSet(0));
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
