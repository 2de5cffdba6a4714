package caravan.fleet;

import caravan.fleet.bench.Progress;
import caravan.fleet.chaos.Campaign;
import caravan.fleet.chaos.ChaosOptions;
import caravan.fleet.chaos.Outcome;
import caravan.fleet.chaos.Wires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** {@code ./caravan chaos}: a fleet of its own, empty and on ports of its own, and the campaign against it. */
final class ChaosRun {
    private static final long NEEDED_BYTES = 4_000L << 20;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private ChaosRun() {}

    /** Exit code 0 when every invariant holds and every accepted order is there. */
    static int run(Arguments arguments, DataFolder folder) {
        ChaosOptions options = ChaosOptions.parse(arguments.words());
        Memory.require(NEEDED_BYTES, "A fleet to be hurt");
        DataFolder own = new DataFolder(folder.root().resolve("chaos"));
        Progress progress = new Progress(System.out);
        FleetOptions plain = FleetOptions.forTests(own.root()).withConsole(System.out::println);
        try (Wires wires = Wires.lay(plain);
                Fleet fleet = Fleet.prepare(wires.options());
                Campaign campaign = new Campaign(fleet, wires, options, own.data("chaos"), progress)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(campaign, fleet), "stop"));
            // Not before the fleet has its lock.
            DataFolder.delete(own.root().resolve("data"));
            fleet.startAll();
            Outcome outcome = campaign.run();
            System.out.println(outcome.text());
            System.out.println(
                    "Saved as " + save(own, options.seed(), outcome) + "; logs and databases are beside it.");
            return outcome.clean() ? 0 : 1;
        }
    }

    /** A process that stands still cannot end. */
    private static void stop(Campaign campaign, Fleet fleet) {
        campaign.close();
        fleet.close();
    }

    private static Path save(DataFolder folder, long seed, Outcome outcome) {
        Path file = folder.root().resolve(NAME.format(LocalDateTime.now(ZoneOffset.UTC)) + "-seed-" + seed + ".txt");
        try {
            return Files.writeString(file, outcome.schedule().text() + outcome.text());
        } catch (IOException e) {
            throw new FleetException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
