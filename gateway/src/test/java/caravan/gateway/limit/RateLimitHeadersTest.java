package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {

    private static final Standing DEFAULT = new Standing("default", 100, 10, 99, 1);
    private static final Standing AUTH = new Standing("auth", 20, 60, 19, 3);
    private static final Standing ADDRESS = new Standing("address", 20000, 10, 19999, 1);

    @Test
    void tellsTheDefaultPolicyAndLeavesOutTheCeiling() {
        MultiMap headers = written(admitted(DEFAULT, ADDRESS));

        assertThat(headers.get("RateLimit-Policy")).isEqualTo("\"default\";q=100;w=10");
        assertThat(headers.get("RateLimit")).isEqualTo("\"default\";r=99;t=1");
        assertThat(headers.contains("Retry-After")).isFalse();
    }

    @Test
    void listsEveryPolicyThatAppliesAndTheTightestInTheOldHeaders() {
        MultiMap headers = written(admitted(DEFAULT, ADDRESS, AUTH));

        assertThat(headers.get("RateLimit-Policy")).isEqualTo("\"default\";q=100;w=10, \"auth\";q=20;w=60");
        assertThat(headers.get("RateLimit")).isEqualTo("\"default\";r=99;t=1, \"auth\";r=19;t=3");
        assertThat(headers.get("X-RateLimit-Limit")).isEqualTo("20");
        assertThat(headers.get("X-RateLimit-Remaining")).isEqualTo("19");
        assertThat(headers.get("X-RateLimit-Reset")).isEqualTo("3");
    }

    @Test
    void namesTheCeilingWhenItIsWhatRefuses() {
        Standing hit = new Standing("address", 20000, 10, 0, 10);

        MultiMap headers = written(refused(Duration.ofMillis(1), DEFAULT, hit));

        assertThat(headers.get("RateLimit")).isEqualTo("\"default\";r=99;t=1, \"address\";r=0;t=10");
        assertThat(headers.get("X-RateLimit-Limit")).isEqualTo("20000");
        assertThat(headers.get("Retry-After")).isEqualTo("1");
    }

    @Test
    void roundsTheWaitUp() {
        MultiMap headers = written(refused(Duration.ofNanos(2_000_000_001L), DEFAULT));

        assertThat(headers.get("Retry-After")).isEqualTo("3");
    }

    @Test
    void leavesOutTheOldHeadersWhenTheyAreSwitchedOff() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();

        new RateLimitHeaders(OneGateway.config(Map.of("legacy-headers", "false"))).write(admitted(DEFAULT), headers);

        assertThat(headers.names()).containsExactlyInAnyOrder("RateLimit-Policy", "RateLimit");
    }

    @Test
    void saysNothingWhereNoPolicyApplies() {
        assertThat(written(Verdict.UNLIMITED).isEmpty()).isTrue();
    }

    private static MultiMap written(Verdict verdict) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        new RateLimitHeaders(OneGateway.config(Map.of())).write(verdict, headers);
        return headers;
    }

    private static Verdict admitted(Standing... standings) {
        return new Verdict(true, false, Duration.ZERO, List.of(standings));
    }

    private static Verdict refused(Duration retryAfter, Standing... standings) {
        return new Verdict(false, false, retryAfter, List.of(standings));
    }
}
