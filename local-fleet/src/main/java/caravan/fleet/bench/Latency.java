package caravan.fleet.bench;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** In milliseconds, from a histogram with three significant digits. */
public record Latency(long count, double p50, double p95, double p99, double p999, double max) {

    private static final long LONGEST_MICROS = 600_000_000L;

    public static Latency of(LongStream micros) {
        Histogram histogram = new Histogram(LONGEST_MICROS, 3);
        micros.forEach(value -> histogram.recordValue(Math.clamp(value, 0, LONGEST_MICROS)));
        return new Latency(
                histogram.getTotalCount(),
                millis(histogram, 50),
                millis(histogram, 95),
                millis(histogram, 99),
                millis(histogram, 99.9),
                histogram.getMaxValue() / 1000.0);
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1000.0;
    }

    String text() {
        return String.format(Locale.ROOT, "%9.1f %9.1f %9.1f %9.1f %9.1f", p50, p95, p99, p999, max);
    }

    JsonObject json() {
        return new JsonObject()
                .put("count", count)
                .put("p50Ms", p50)
                .put("p95Ms", p95)
                .put("p99Ms", p99)
                .put("p999Ms", p999)
                .put("maxMs", max);
    }
}
