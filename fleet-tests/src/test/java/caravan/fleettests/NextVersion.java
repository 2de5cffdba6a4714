package caravan.fleettests;

import caravan.fleet.FleetOptions;
import caravan.fleet.sensitivity.PatchedBuild;
import java.nio.file.Path;
import java.util.List;

/** The version after this one, as {@code src/next} changes it: one more step of a saga, one more column each in two services, one more field of a reply. */
final class NextVersion {

    static final List<String> SERVICES = List.of("notification-service", "saga-orchestrator");

    private NextVersion() {}

    /** Gives where it was built. */
    static Path build() {
        Path checkout = FleetOptions.forTests(Path.of("target")).checkout();
        Path maven = Path.of(System.getProperty("maven.home"), "bin", "mvn");
        return PatchedBuild.of(
                checkout, Path.of("src", "next").toAbsolutePath(), TheFleet.emptied("next"), maven, SERVICES);
    }
}
