package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.FleetException;
import caravan.fleet.audit.Report;
import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.BenchResult;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.gateway.GatewayBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Databases full of orders that no service has ever seen: no invariant and no reader sees a difference. */
class PrefillScenarioIT {

    private static final int ORDERS = 12_345;

    @Test
    void auditsLikeOrdersThatReallyEnded() {
        long before = TheFleet.audited(Duration.ofMinutes(1)).orders();

        BenchResult result = bench(ORDERS);

        Report report = TheFleet.audited(Duration.ofMinutes(1));
        assertThat(report.examples()).isEmpty();
        assertThat(report.orders()).isGreaterThan(before + ORDERS);
        assertThat(report.rejected()).isGreaterThan(ORDERS / 50);
        assertThat(result.json(true)).contains("GET /orders/{id}");

        // Once they are there, they stay, and another number is refused.
        bench(ORDERS);
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).orders()).isLessThan(report.orders() + ORDERS);
        assertThatThrownBy(() -> bench(ORDERS + 1))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("12,345");
    }

    private static BenchResult bench(int prefilled) {
        List<String> words = List.of("--prefill", "" + prefilled, "--rate", "10", "--seconds", "5", "--warm-up", "0");
        Target target = new Target(
                TheFleet.get().jdbcUrl(""),
                "caravan",
                "caravan",
                TheFleet.get().bootstrapServers(),
                Map::of,
                _ -> 0,
                Path.of("target", "bench"));
        return GatewayBench.run(
                target, TheFleet.gateway(), TheFleet.get().credentials().operator(), BenchOptions.parse(words));
    }
}
