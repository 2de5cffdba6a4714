package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that fills up while databases write to it is trouble best met before. */
final class FreeSpace {
    private static final long NEEDED_BYTES = 1L << 30;

    private FreeSpace() {}

    /** @throws FleetException when less than 1 GB is free where the folder is, or the folder cannot be written */
    static void require(Path folder) {
        try {
            long freeBytes = Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
            if (freeBytes < NEEDED_BYTES) {
                throw new FleetException("Only " + (freeBytes >> 20) + " MB are free on the disk of " + folder
                        + "; Caravan needs 1024 MB there.");
            }
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }
}
