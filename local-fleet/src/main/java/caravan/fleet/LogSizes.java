package caravan.fleet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps logs of running programs bounded: a full one is copied aside and emptied in place, because the program keeps writing to the same file. */
final class LogSizes implements AutoCloseable {
    private static final long LIMIT_BYTES = 64L << 20;
    private static final long LOOK_EVERY_SECONDS = 5;

    private final List<Path> logs;
    private final CountDownLatch closed = new CountDownLatch(1);

    LogSizes(List<Path> logs) {
        this.logs = logs;
    }

    void watch() {
        Thread.ofVirtual().name("log-sizes").start(() -> {
            try {
                while (!closed.await(LOOK_EVERY_SECONDS, TimeUnit.SECONDS)) {
                    logs.forEach(LogSizes::bound);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private static void bound(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > LIMIT_BYTES) {
                Files.copy(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                        .close();
            }
        } catch (IOException e) {
            System.err.println("Cannot bound " + log + ": " + e.getMessage());
        }
    }
}
