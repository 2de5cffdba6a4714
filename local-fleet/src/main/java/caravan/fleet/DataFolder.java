package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layout of {@code .caravan}: {@code data} survives a power cut, {@code log} is for people, {@code run} says what runs now. */
public record DataFolder(Path root) {
    public DataFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Where one part keeps what must survive; made when missing. */
    public Path data(String part) {
        return made(root.resolve("data").resolve(part));
    }

    public Path log(String part) {
        return made(root.resolve("log")).resolve(part + ".log");
    }

    Path run(String file) {
        return made(root.resolve("run")).resolve(file);
    }

    List<PidFile> pidFiles() {
        return PidFile.allIn(made(root.resolve("run")));
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Removes a folder with all that is in it; a file that vanishes meanwhile is no error. */
    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException trouble) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException trouble) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
