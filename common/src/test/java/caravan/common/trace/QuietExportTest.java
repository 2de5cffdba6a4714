package caravan.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class QuietExportTest {

    private static final String SENDER = "io.quarkus.opentelemetry.runtime.exporter.otlp.sender.VertxHttpSender";
    private static final String EXPORTER = "io.opentelemetry.exporter.internal.http.HttpExporter";

    private final AtomicLong clockNs = new AtomicLong(-5);
    private final QuietExport filter = new QuietExport(clockNs::get);

    @Test
    void letsOneLineAMinuteThroughWhoeverOfThemSaysIt() {
        assertThat(passes(SENDER)).isTrue();
        assertThat(passes(EXPORTER)).isFalse();
        clockNs.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(passes(SENDER)).isFalse();
        clockNs.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(passes(EXPORTER)).isTrue();
        assertThat(passes(SENDER)).isFalse();
    }

    @Test
    void holdsNothingElseBack() {
        assertThat(passes(SENDER)).isTrue();

        assertThat(passes("caravan.order.OrderDesk")).isTrue();
        assertThat(passes("caravan.order.OrderDesk")).isTrue();
    }

    private boolean passes(String logger) {
        LogRecord line = new LogRecord(Level.WARNING, "text");
        line.setLoggerName(logger);
        return filter.isLoggable(line);
    }
}
