package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.bench.Progress;
import caravan.fleet.chaos.Campaign;
import caravan.fleet.chaos.ChaosOptions;
import caravan.fleet.chaos.Episode;
import caravan.fleet.chaos.Fault;
import caravan.fleet.chaos.Outcome;
import caravan.fleet.chaos.Wires;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A short crash campaign, the same every time: one fault of every kind. In a fleet of its own, whose wires can be cut. */
class ChaosIT {

    private static final ChaosOptions SHORT = new ChaosOptions(Duration.ofSeconds(160), 7, 10);

    @Test
    void losesNothingAndDoesNothingTwice() {
        Path folder = TheFleet.emptied("chaos-fleet");
        FleetOptions plain = FleetOptions.forTests(folder).withConsole(System.out::println);
        Progress progress = new Progress(System.out);
        try (Wires wires = Wires.lay(plain);
                Fleet fleet = Fleet.start(wires.options());
                Campaign campaign = new Campaign(fleet, wires, SHORT, folder.resolve("customers"), progress)) {
            Outcome outcome = campaign.run();

            System.out.println(outcome.text());
            assertThat(outcome.broken()).isEmpty();
            assertThat(outcome.audit().examples()).isEmpty();
            assertThat(outcome.audit().open()).isZero();
            assertThat(outcome.clean()).isTrue();
            assertThat(outcome.orders().accepted()).isGreaterThan(1_000);
            assertThat(outcome.orders().refused()).isZero();
            assertThat(outcome.episodes())
                    .extracting(Episode::fault)
                    .extracting(Fault::kind)
                    .containsExactlyInAnyOrder(Fault.Kind.values());
            assertThat(outcome.episodes()).noneMatch(Episode.NotRecovered.class::isInstance);
            // A missing program is named there, with the command that brings it.
            assertThat(outcome.episodes())
                    .filteredOn(Episode.Skipped.class::isInstance)
                    .isEmpty();
        }
    }
}
