package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sources once more, changed and built into programs: another version of the services. The checkout itself is never touched. */
public final class PatchedBuild {

    private static final String PATCH = "next.patch";
    private static final String FILES = "files";

    /** Ten times what it takes on two busy cores. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private PatchedBuild() {}

    /**
     * Gives the root of the changed checkout.
     *
     * @param change a folder with {@code next.patch}, and in {@code files} what is added, each where it belongs
     * @param folder becomes the place of copy and log
     * @param maven its program
     * @param services to be built
     * @throws FleetException when the patch does not apply, or the result does not build
     */
    public static Path of(Path checkout, Path change, Path folder, Path maven, List<String> services) {
        Path root = folder.resolve("checkout");
        try {
            WorkingCopy.copyOf(checkout, root);
            for (Patch.Change each :
                    Patch.parse(Files.readAllLines(change.resolve(PATCH))).changes()) {
                Path source = root.resolve(each.path());
                Files.writeString(source, each.applyTo(Files.readString(source)));
            }
            WorkingCopy.copy(change.resolve(FILES), root);
        } catch (IOException e) {
            throw new FleetException("Cannot make a changed copy in " + root + ": " + e.getMessage(), e);
        }
        build(root, folder.resolve("build.log"), maven, services);
        return root;
    }

    private static void build(Path root, Path log, Path maven, List<String> services) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                maven.toString(),
                "-B",
                "-o",
                "-Dmaven.test.skip",
                "-Dspotless.check.skip",
                "-pl",
                String.join(",", services),
                "-am",
                "package"));
        if (!Tool.succeeds(command, root, log, LONGEST)) {
            throw new FleetException("The changed copy does not build: see " + log + ".");
        }
    }
}
