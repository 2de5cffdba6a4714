package caravan.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
            FileChannel channel = open(folder);
            if (tryLock(channel) == null) {
                channel.close();
                String pid = holder(folder).map(p -> " (pid " + p.pid() + ")").orElse("");
                throw new FleetException("A fleet already runs in " + folder.root() + pid
                        + ": './caravan status' shows it, './caravan down' ends it.");
            }
            return new FleetLock(channel, PidFile.write(holderFile(folder), ProcessHandle.current()));
        } catch (IOException e) {
            throw new FleetException("Cannot lock " + folder.root() + ": " + e.getMessage(), e);
        }
    }

    /** The supervisor that runs in this folder, if there is one. */
    static Optional<ProcessHandle> holder(DataFolder folder) {
        return PidFile.read(holderFile(folder)).flatMap(PidFile::process);
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

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }
}
