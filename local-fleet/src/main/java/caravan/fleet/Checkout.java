package caravan.fleet;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source tree that this program was built from. */
record Checkout(Path root) {
    private static final String BUILD = "mvn -q -B -pl local-fleet -am -DskipTests package";

    /** The nearest folder above the working directory that holds {@code local-fleet} and the other modules. */
    static Checkout find() {
        return above(Path.of("").toAbsolutePath());
    }

    static Checkout above(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("caravan")) && Files.isDirectory(folder.resolve("local-fleet"))) {
                return new Checkout(folder);
            }
        }
        throw new FleetException(
                "No Caravan checkout (a folder with 'caravan' and 'local-fleet') at or above " + start + ".");
    }

    /** The class path of the Kafka broker. */
    Path kafkaLib() {
        Path lib = root.resolve("local-fleet/target/kafka/lib");
        if (!Files.isDirectory(lib)) {
            throw new FleetException(
                    "The Kafka broker is not built (" + lib + " is missing): run '" + BUILD + "' in " + root + ".");
        }
        return lib;
    }

    /** Rules, dashboards and whatever else looks on. */
    Path observability() {
        return root.resolve("observability");
    }

    Path runnerJar(String service) {
        return root.resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
    }
}
