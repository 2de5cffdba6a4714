package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with secrets: only their owner may read them, and they are never there in part, nor for a moment for others to read. */
public final class PrivateFile {
    private PrivateFile() {}

    /**
     * Writes or replaces the whole file; its folder is made when there is none.
     *
     * @throws FleetException when it cannot be written
     */
    public static void write(Path file, String text) {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FleetException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
