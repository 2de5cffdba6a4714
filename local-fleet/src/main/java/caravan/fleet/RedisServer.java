package caravan.fleet;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/** Redis with an append-only file, flushed once a second: what is in it (buckets, leases, a cache) may lose a second. */
public final class RedisServer implements Part {
    private static final String VERSION = "embedded-1.4.4";

    private final int port;
    private final Path home;

    public RedisServer(int port, Path home) {
        this.port = port;
        this.home = home;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    public String url() {
        return "redis://" + Sockets.HOST + ":" + port;
    }

    @Override
    public void prepare(Path log) {
        try {
            Files.createDirectories(home);
            if (!Files.isExecutable(program())) {
                unpack();
            }
        } catch (IOException e) {
            throw new FleetException("Cannot unpack Redis to " + program() + ": " + e.getMessage(), e);
        }
    }

    /** The library deletes what it unpacked when this JVM ends; a program that is started again by the next one must stay. */
    private static void unpack() throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(ProgramCache.folder()), "unpacking-");
        Path unpacked =
                ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
        Path kept = Files.copy(unpacked, folder.resolve("redis-server"));
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(kept, program(), StandardCopyOption.ATOMIC_MOVE);
        DataFolder.delete(folder);
    }

    @Override
    public List<String> command() {
        return List.of(
                program().toString(),
                "--bind",
                Sockets.HOST,
                "--port",
                Integer.toString(port),
                "--dir",
                home.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                "",
                "--maxmemory",
                "128mb",
                "--maxmemory-policy",
                "volatile-lru");
    }

    @Override
    public boolean ready() {
        try (Socket socket = new Socket()) {
            socket.connect(Sockets.address(port), 500);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException _) {
            return false;
        }
    }

    private static Path program() {
        return ProgramCache.folder().resolve("redis-server-" + VERSION);
    }
}
