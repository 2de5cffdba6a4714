package caravan.common.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenMetricsTest {

    private static final String EXEMPLAR =
            " # {span_id=\"2bc35cc9946a5cb3\",trace_id=\"fe1864663583a184\"} 0.009 1795675641.378";

    @Test
    void leavesExemplarsWhereTheFormatHasThem() {
        String bucket = "saga_duration_seconds_bucket{saga=\"place-order\",le=\"0.1\"} 10.0" + EXEMPLAR + "\n";
        String total = "orders_total 3.0" + EXEMPLAR + "\n";

        assertThat(OpenMetrics.allowed(bucket + total)).isEqualTo(bucket + total);
    }

    @Test
    void takesThemFromCounts() {
        String count = "saga_duration_seconds_count{saga=\"place-order\",outcome=\"a } b\"} 10.0";
        String bare = "saga_duration_seconds_count 4.0";

        assertThat(OpenMetrics.allowed(count + EXEMPLAR + "\n" + bare + EXEMPLAR + "\n# EOF\n"))
                .isEqualTo(count + "\n" + bare + "\n# EOF\n");
    }
}
