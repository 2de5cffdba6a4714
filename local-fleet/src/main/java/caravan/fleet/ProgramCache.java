package caravan.fleet;

import java.nio.file.Path;

/**
 * Where programs that come inside of jars are unpacked to: one place for all runs of all tests on this machine, because unpacking 70 MB takes as long as
 * starting them. {@code -Dcaravan.programs} sets another; removing it is always safe while nothing runs.
 */
final class ProgramCache {
    private ProgramCache() {}

    static Path folder() {
        String chosen = System.getProperty("caravan.programs", "");
        return chosen.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache", "caravan") : Path.of(chosen);
    }
}
