package caravan.fleet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetersTest {

    @Test
    void addsUpSeriesOfOneNameByTheirLabels() {
        Meters meters = Meters.parse("""
                # TYPE http_requests_total counter
                http_requests_total{method="GET",route="/a/{id}",status_code="200"} 3.0
                http_requests_total{method="GET",route="/a/{id}",status_code="404"} 1.0 # {trace_id="4bf9"} 1.0 1.7E9
                http_requests_total_more 9.0
                event_loop_lag_seconds 0.25
                outbox_depth NaN
                """);

        assertThat(meters.sum("http_requests_total", "method=\"GET\"")).isEqualTo(4);
        assertThat(meters.sum("http_requests_total", "status_code=\"404\"")).isEqualTo(1);
        assertThat(meters.sum("event_loop_lag_seconds")).isEqualTo(0.25);
        assertThat(meters.values().get("outbox_depth")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
                "4711002",
                "ada@caravan.example",
                "eyJhbGciOiJSUzI1NiJ9.x.y",
                "tok_ok",
                "/stranger-1"
            })
    void findsLabelsThatAreSomebodys(String label) {
        Meters meters = Meters.parse("requests{route=\"" + label + "\"} 1.0");

        assertThat(meters.foreignLabels()).hasSize(1);
    }

    @Test
    void findsNothingInLabelsOfTheHouse() {
        Meters meters = Meters.parse("""
                requests{route="/api/v1/orders/{id}",method="GET",status_code="200",le="0.05"} 1.0
                messages_total{topic="payment.commands.v1",type="charge-payment",outcome="handled"} 1.0
                breaker_calls_total{downstream="card-network",outcome="breaker_open"} 1.0
                jvm_memory{pool="4711002"} 1.0
                """);

        assertThat(meters.foreignLabels()).isEmpty();
    }

    @Test
    void tellsWhatIsNew() {
        Meters before = Meters.parse("requests{route=\"/a\"} 1.0");
        Meters after = Meters.parse("requests{route=\"/a\"} 2.0\nrequests{route=\"/b\"} 1.0\njvm_gc{cause=\"x\"} 1.0");

        assertThat(after.since(before)).containsExactly("requests{route=\"/b\"}");
    }
}
