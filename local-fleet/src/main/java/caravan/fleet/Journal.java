package caravan.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An append-only file of lines that survive a power cut. One thread writes what has gathered and calls fsync once for all of it (group commit), so that the cost of
 * durability is shared by concurrent writers.
 */
final class Journal implements AutoCloseable {
    /** More than this many unwritten lines cannot gather, as callers wait for theirs. */
    private static final int QUEUE = 4096;

    private record Entry(String line, CompletableFuture<Void> durable) {}

    private static final Entry END = new Entry("", new CompletableFuture<>());

    private final FileChannel channel;
    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread writer;

    private Journal(FileChannel channel, String name) {
        this.channel = channel;
        this.writer = Thread.ofPlatform().daemon().name("journal-" + name).start(this::write);
    }

    /** Hands every whole line of the file to the reader, cuts off a last line that a power cut broke, and opens the file for more. */
    static Journal open(Path file, Consumer<String> reader) {
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling("."));
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            long end = wholeLines(channel);
            channel.truncate(end).position(end);
            try (var lines = Files.lines(file)) {
                lines.forEach(reader);
            }
            return new Journal(channel, String.valueOf(file.getFileName()));
        } catch (IOException e) {
            throw new FleetException("Cannot open " + file + ": " + e.getMessage(), e);
        }
    }

    /** The result completes, on the writer's thread, when the line (an empty one is not written) and all before it are on the disk; with an {@link IOException} when it never will be. */
    CompletableFuture<Void> append(String line) {
        Entry entry = new Entry(line, new CompletableFuture<>());
        if (!queue.offer(entry)) {
            entry.durable.completeExceptionally(new IOException("More than " + QUEUE + " lines wait to be written"));
        }
        return entry.durable;
    }

    @Override
    public void close() {
        try {
            queue.put(END);
            writer.join();
            channel.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new FleetException("Cannot close a journal: " + e.getMessage(), e);
        }
    }

    private void write() {
        List<Entry> batch = new ArrayList<>();
        try {
            while (!batch.contains(END)) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch);
                write(batch);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Entry> batch) {
        StringBuilder text = new StringBuilder();
        batch.stream()
                .filter(entry -> !entry.line.isEmpty())
                .forEach(entry -> text.append(entry.line).append('\n'));
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
            batch.forEach(entry -> entry.durable.complete(null));
        } catch (IOException e) {
            batch.forEach(entry -> entry.durable.completeExceptionally(e));
        }
    }

    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            one.clear();
            if (channel.read(one, end - 1) == 1 && one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }
}
