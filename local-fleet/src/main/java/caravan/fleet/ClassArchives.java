package caravan.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder in which each JVM leaves its loaded classes when it ends for the first time, and finds them at the next start: about a quarter less work for two cores
 * that start ten programs. The JVM checks an archive against the jars and makes a new one when it does not fit. Only where the folder exists: a fleet of a test
 * that starts once would pay for the writing alone.
 */
record ClassArchives(Path folder) {
    static ClassArchives of(DataFolder data) {
        return new ClassArchives(data.root().resolve("class-archives"));
    }

    void enable() {
        try {
            Files.createDirectories(folder);
        } catch (java.io.IOException e) {
            throw new FleetException("Cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    List<String> flags(String program) {
        return Files.isDirectory(folder)
                ? List.of(
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + folder.resolve(program + ".jsa"),
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr")
                : List.of();
    }
}
