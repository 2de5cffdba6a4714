package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.bench.BenchOptions;
import caravan.fleet.bench.Target;
import caravan.fleet.bench.engine.EngineBench;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The orchestrator without the services: sagas start, end and are all accounted for. */
class EngineScenarioIT {

    @TempDir
    private Path folder;

    @Test
    void endsEverySagaWithParticipantsThatDoNothing() {
        FleetOptions alone = FleetOptions.forTests(folder)
                .without(
                        "gateway",
                        "order-service",
                        "inventory-service",
                        "payment-service",
                        "shipment-service",
                        "notification-service",
                        "redis",
                        "card-network",
                        "mail");
        try (Fleet fleet = Fleet.start(alone)) {
            Target target = new Target(
                    fleet.jdbcUrl(""), "caravan", "caravan", fleet.bootstrapServers(), Map::of, _ -> 0, folder);

            EngineBench.Checked checked = EngineBench.run(
                    target, BenchOptions.parse(List.of("--rate", "50", "--seconds", "5", "--warm-up", "2")));

            assertThat(checked.violations()).isEmpty();
            assertThat(checked.result().outcomes()).hasSize(1).allMatch(outcome -> outcome.accepted() > 150);
        }
    }
}
