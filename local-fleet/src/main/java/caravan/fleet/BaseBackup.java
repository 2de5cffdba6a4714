package caravan.fleet;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;

/**
 * A copy of a running server's data folder by PostgreSQL's low-level backup functions (its manual, "Continuous Archiving", says what they promise): the artefact that
 * our server is from has no pg_basebackup. What is written while it is copied is torn; the WAL since the backup's start mends it.
 */
final class BaseBackup {
    static final String CONTROL_FILE = "global/pg_control";

    /** Made anew by every start, or of use to the running server alone; the manual lists them. */
    private static final Set<String> LEFT_EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "pg_internal.init",
            "postgresql.auto.conf.tmp",
            "current_logfiles.tmp",
            "backup_label",
            "tablespace_map");

    private static final String TEMPORARY = "pgsql_tmp";

    /** For the WAL that both servers write meanwhile. */
    private static final long SPARE_BYTES = 1L << 30;

    private BaseBackup() {}

    static long systemIdentifier(Connection server) throws SQLException {
        return number(server, "select system_identifier from pg_control_system()");
    }

    /** @throws FleetException when the disk has no room for a second copy of the data */
    static void requireRoom(Connection server, Path target) throws SQLException, IOException {
        long needed = number(server, "select sum(pg_database_size(oid)) from pg_database") + SPARE_BYTES;
        long free = Files.getFileStore(target).getUsableSpace();
        if (free < needed) {
            throw new FleetException(
                    "A replica needs %d MB, and only %d MB are free: make room, or leave it away (--without %s)."
                            .formatted(needed >> 20, free >> 20, PostgresReplica.NAME));
        }
    }

    /**
     * Copies {@code data} of the server that this connection leads to. The connection must stay open until this returns: the backup is its session's.
     *
     * @throws InterruptedIOException between two files, when this thread is interrupted
     */
    static void take(Connection server, Path data, Path target) throws SQLException, IOException {
        requireNoTablespaces(server);
        // "true": a checkpoint at once. The default spreads it over minutes.
        try (Statement statement = server.createStatement()) {
            statement.execute("select pg_backup_start('caravan', true)");
        }
        Files.walkFileTree(data, new Copying(data, target));
        copyControlFile(data.resolve(CONTROL_FILE), target.resolve(CONTROL_FILE));
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop()")) {
            row.next();
            // Where recovery begins. Without it the server would take the torn files for whole ones.
            Files.writeString(target.resolve("backup_label"), row.getString(1));
        }
    }

    /** They are links: the copy would write to the primary's. */
    private static void requireNoTablespaces(Connection server) throws SQLException {
        if (number(server, "select count(*) from pg_tablespace where spcname not like 'pg\\_%'") > 0) {
            throw new FleetException("The primary has tablespaces of its own, which this copy does not follow.");
        }
    }

    /** The one file that no WAL mends: two equal reads are no torn one. */
    private static void copyControlFile(Path from, Path to) throws IOException {
        byte[] content = Files.readAllBytes(from);
        for (byte[] again = Files.readAllBytes(from);
                !Arrays.equals(content, again);
                again = Files.readAllBytes(from)) {
            content = again;
        }
        Files.write(to, content);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
    }

    private static long number(Connection server, String sql) throws SQLException {
        try (Statement statement = server.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path data;
        private final Path target;

        Copying(Path data, Path target) {
            this.data = data;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            if (name(folder).startsWith(TEMPORARY)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Path inside = data.relativize(folder);
            Files.createDirectory(
                    target.resolve(inside),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return LEFT_EMPTY.contains(inside.toString()) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("The copy was interrupted");
            }
            Path inside = data.relativize(file);
            if (wanted(inside)) {
                try {
                    Files.copy(file, target.resolve(inside), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException _) {
                    // Dropped a moment ago; the WAL says so too.
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
            if (trouble instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw trouble;
        }

        private static boolean wanted(Path inside) {
            String name = name(inside);
            return !LEFT_OUT.contains(name) && !name.startsWith(TEMPORARY) && !inside.equals(Path.of(CONTROL_FILE));
        }

        private static String name(Path path) {
            return String.valueOf(path.getFileName());
        }
    }
}
