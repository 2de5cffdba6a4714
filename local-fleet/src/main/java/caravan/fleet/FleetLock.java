package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** One fleet per folder. The system lets go of the lock when its holder dies, however it dies. */
final class FleetLock implements AutoCloseable {
    private final FileChannel channel;
    private final PidFile holder;

    private FleetLock(FileChannel channel, PidFile holder) {
        this.channel = channel;
        this.holder = holder;
    }

    /** @throws FleetException when a fleet runs in this folder */
    static FleetLock take(DataFolder folder) {
        try {
            if (!heldByThisJvm(folder)) {
                FileChannel channel = open(folder);
                if (channel.tryLock() != null) {
                    return new FleetLock(channel, PidFile.write(holderFile(folder), ProcessHandle.current()));
                }
                channel.close();
            }
        } catch (IOException e) {
            throw new FleetException("Cannot lock " + folder.root() + ": " + e.getMessage(), e);
        }
        String pid = recorded(folder).map(p -> " (pid " + p.pid() + ")").orElse("");
        throw new FleetException("A fleet already runs in " + folder.root() + pid
                + ": './caravan status' shows it, './caravan down' ends it.");
    }

    /** The supervisor that runs in this folder, if there is one. */
    static Optional<ProcessHandle> holder(DataFolder folder) {
        if (heldByThisJvm(folder)) {
            return recorded(folder);
        }
        try (FileChannel channel = open(folder);
                FileLock free = channel.tryLock()) {
            // A pid alone does not say so: a killed process may stay in the table until its parent looks.
            return free == null ? recorded(folder) : Optional.empty();
        } catch (IOException e) {
            throw new FleetException("Cannot look at " + folder.root() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        holder.remove();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path holderFile(DataFolder folder) {
        return folder.run("supervisor.pid");
    }

    private static FileChannel open(DataFolder folder) throws IOException {
        return FileChannel.open(folder.run("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Optional<ProcessHandle> recorded(DataFolder folder) {
        return PidFile.read(holderFile(folder)).flatMap(PidFile::process);
    }

    /** Asked first, because POSIX takes a lock away from a process that closes the same file a second time. */
    private static boolean heldByThisJvm(DataFolder folder) {
        return recorded(folder)
                .filter(p -> p.pid() == ProcessHandle.current().pid())
                .isPresent();
    }
}
