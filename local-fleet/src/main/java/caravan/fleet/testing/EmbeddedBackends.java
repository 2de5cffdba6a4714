package caravan.fleet.testing;

import caravan.fleet.Child;
import caravan.fleet.DataFolder;
import caravan.fleet.FleetException;
import caravan.fleet.KafkaBroker;
import caravan.fleet.Part;
import caravan.fleet.PgBouncer;
import caravan.fleet.PostgresReplica;
import caravan.fleet.PostgresServer;
import caravan.fleet.RedisServer;
import caravan.fleet.Sockets;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** PostgreSQL, Kafka and Redis as children of this JVM, on free ports, in a folder that goes when the JVM does. */
final class EmbeddedBackends {
    private static final String FOLDER = "caravan.test.folder";

    private EmbeddedBackends() {}

    static Map<String, String> start() {
        DataFolder folder = temporaryFolder();
        List<Integer> ports = Sockets.free(4);
        PostgresServer postgres = new PostgresServer(ports.get(0), folder.data("postgresql"));
        KafkaBroker kafka = new KafkaBroker(ports.get(1), ports.get(2), folder.data("kafka"));
        RedisServer redis = new RedisServer(ports.get(3), folder.data("redis"));
        CleanUp.whenThisJvmEnds(folder.root());
        startTogether(List.of(postgres, kafka, redis), folder);
        return Map.of(
                "caravan.db.host",
                Sockets.HOST,
                "caravan.db.port",
                Integer.toString(ports.get(0)),
                "caravan.db.user",
                PostgresServer.USER,
                "caravan.db.password",
                PostgresServer.PASSWORD,
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "caravan.redis.url",
                redis.url(),
                FOLDER,
                folder.root().toString());
    }

    /** Beside the servers that {@link #start} told of: its clean-up ends this one too. */
    static Map<String, String> startReplica(BackendAddresses servers) {
        DataFolder folder = new DataFolder(Path.of(servers.config().getOrDefault(FOLDER, "")));
        int port = Sockets.free(1).getFirst();
        startTogether(
                List.of(new PostgresReplica(
                        port,
                        folder.data(PostgresReplica.NAME),
                        new PostgresServer(servers.dbPort(), folder.data("postgresql")),
                        _ -> {})),
                folder);
        return Map.of(
                "caravan.db.replica.host",
                Sockets.HOST,
                "caravan.db.replica.port",
                Integer.toString(port),
                "caravan.db.replica.name",
                "orders");
    }

    /** Before the databases that {@link #start} told of; its clean-up ends it too. */
    static Map<String, String> startPooler(BackendAddresses servers) {
        DataFolder folder = new DataFolder(Path.of(servers.config().getOrDefault(FOLDER, "")));
        int port = Sockets.free(1).getFirst();
        startTogether(
                List.of(new PgBouncer(
                        port,
                        folder.data(PgBouncer.NAME),
                        servers.dbPort(),
                        OptionalInt.empty(),
                        // Several modules may be tested at once on one machine.
                        List.of("query_wait_timeout = 60"))),
                folder);
        return Map.of(
                "caravan.db.port",
                Integer.toString(port),
                "caravan.db.direct.port",
                Integer.toString(servers.dbPort()),
                "caravan.db.named-statements",
                "false");
    }

    static OwnRedis ownRedis() {
        DataFolder folder = temporaryFolder();
        CleanUp.whenThisJvmEnds(folder.root());
        return new OwnRedis(new RedisServer(Sockets.free(1).getFirst(), folder.data("redis")), folder);
    }

    /** The children are not closed here: {@link CleanUp} ends them, also when this JVM is killed. */
    @SuppressWarnings("resource")
    private static void startTogether(List<Part> parts, DataFolder folder) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Child>> starts = parts.stream()
                    .map(part -> CompletableFuture.supplyAsync(
                            () -> Child.start(part, folder).awaitReady(), threads))
                    .toList();
            starts.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new FleetException("The backends of the tests cannot start: " + e.getMessage(), e);
        }
    }

    private static DataFolder temporaryFolder() {
        try {
            return new DataFolder(Files.createTempDirectory("caravan-backends-"));
        } catch (IOException e) {
            throw new FleetException("Cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * A shell that waits for this JVM's end and then ends the children and removes their folder. A shutdown hook would not run after {@code kill -9}, and would
     * find its class loader closed when Quarkus loaded this class.
     */
    private static final class CleanUp {
        private static final String SCRIPT = """
                trap '' INT TERM HUP
                while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
                stop() { [ -f "$2/run/$3.pid" ] && read -r pid rest < "$2/run/$3.pid" && kill "-$1" "$pid"; }
                stop TERM "$2" pgbouncer; stop QUIT "$2" postgresql-replica; stop QUIT "$2" postgresql; stop KILL "$2" kafka; stop KILL "$2" redis
                sleep 1
                rm -rf "$2"
                """;

        static void whenThisJvmEnds(Path folder) {
            String pid = Long.toString(ProcessHandle.current().pid());
            try {
                new ProcessBuilder("sh", "-c", SCRIPT, "caravan-backends-clean-up", pid, folder.toString())
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                throw new FleetException("Cannot start a shell: " + e.getMessage(), e);
            }
        }
    }
}
