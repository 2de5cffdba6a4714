package caravan.fleet;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A hot standby that streams from a {@link PostgresServer}. Its slot makes the primary keep what it has not got yet, within limits; what it can no longer catch up
 * with, or never belonged to, is thrown away and copied anew. With data of its own it starts and answers without its primary.
 */
public final class PostgresReplica implements Part {
    public static final String NAME = "postgresql-replica";

    private static final List<String> SETTINGS = List.of(
            "hot_standby=on",
            // It serves a part of the reads of one database.
            "shared_buffers=64MB",
            "max_wal_size=512MB",
            "min_wal_size=64MB",
            "primary_slot_name=" + ReplicationSlot.NAME,
            // A killed primary is back within a second: so is its follower. The default is five.
            "wal_retrieve_retry_interval=500ms",
            // Reads here take milliseconds. One that would hold up the replay for longer is cancelled: its lag is
            // everybody's, and the default of 30 s would take the replica out of the rotation. Feedback instead would
            // let a replica that died hold up the primary's vacuum.
            "max_standby_streaming_delay=1s");

    private static final Duration BOUND = Duration.ofSeconds(2);

    /** Of the checkpoint that a copy begins with, on a slow disk. */
    private static final Duration COPY_BOUND = Duration.ofMinutes(2);

    private final int port;
    private final PostgresFolder folder;
    private final PostgresServer primary;
    private final Consumer<String> console;

    /**
     * A replica of the whole server.
     *
     * @param home holds its copy of the data; kept between runs
     * @param console takes a line for each copy that is made, and why
     */
    public PostgresReplica(int port, Path home, PostgresServer primary, Consumer<String> console) {
        this.port = port;
        this.folder = new PostgresFolder(home);
        this.primary = primary;
        this.console = console;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Sockets.HOST + ":" + port + "/" + database;
    }

    @Override
    public void prepare(Path log) {
        folder.endForgottenServer(stopSignal(), stopBound());
        try (Connection connection = PostgresServer.connect(Sockets.HOST, primary.port(), COPY_BOUND)) {
            Optional<String> trouble = trouble(connection);
            if (trouble.isPresent()) {
                console.accept(NAME + " is copied from the primary: " + trouble.get());
                copy(connection);
            }
        } catch (SQLException | IOException e) {
            // Its primary may come back later.
            if (!folder.usable()) {
                throw new FleetException("The primary cannot be copied: " + e.getMessage(), e);
            }
        }
    }

    /** Why the data here cannot become a replica of this primary. */
    private Optional<String> trouble(Connection connection) throws SQLException {
        if (!Files.exists(folder.data())) {
            return Optional.of("there is no copy yet");
        }
        if (!folder.usable()) {
            return Optional.of("the last copy was cut off");
        }
        if (!Files.exists(standbySignal())) {
            return Optional.of("it was made a primary of its own");
        }
        if (!belongsTo(BaseBackup.systemIdentifier(connection))) {
            return Optional.of("what is here belongs to another one");
        }
        return ReplicationSlot.lost(connection)
                ? Optional.of("the primary no longer has the WAL that is missing here")
                : Optional.empty();
    }

    /** The copy counts when a server came up from it ({@link #onReady}): it is that server that flushes all of the files to the disk. */
    private void copy(Connection connection) throws SQLException, IOException {
        folder.begin();
        BaseBackup.requireRoom(connection, folder.home());
        // Before the copy, so that all the WAL since then is kept.
        ReplicationSlot.renew(connection);
        BaseBackup.take(connection, primary.data(), folder.data());
        Files.createFile(standbySignal());
    }

    @Override
    public void onReady() {
        folder.finish();
    }

    /** A replica that was stopped for long (SIGSTOP, or a disk that stood still) asks in vain for WAL that has gone. */
    @Override
    public boolean beyondHope() {
        try (Connection connection = PostgresServer.connect(Sockets.HOST, primary.port(), BOUND)) {
            return ReplicationSlot.lost(connection);
        } catch (SQLException _) {
            // The primary is away.
            return false;
        }
    }

    @Override
    public List<String> command() {
        List<String> settings = Stream.of(PostgresServer.SHARED_SETTINGS, SETTINGS, List.of(primaryConnection()))
                .flatMap(List::stream)
                .toList();
        return PostgresServer.program(folder.data(), port, settings);
    }

    private String primaryConnection() {
        return "primary_conninfo=host=" + Sockets.HOST + " port=" + primary.port() + " user=" + PostgresServer.USER
                + " password=" + PostgresServer.PASSWORD + " application_name=" + NAME;
    }

    @Override
    public boolean ready() {
        return answers(port);
    }

    /** Whether a hot standby answers queries there. */
    static boolean answers(int port) {
        if (!Sockets.accepts(port)) {
            return false;
        }
        try (Connection connection = PostgresServer.connect(Sockets.HOST, port, BOUND);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException _) {
            return false;
        }
    }

    @Override
    public String stopSignal() {
        return primary.stopSignal();
    }

    @Override
    public Duration stopBound() {
        return primary.stopBound();
    }

    /** Every copy has the identifier that initdb gave the first: the first eight bytes of the control file. */
    private boolean belongsTo(long systemIdentifier) {
        try {
            byte[] control = Files.readAllBytes(folder.data().resolve(BaseBackup.CONTROL_FILE));
            return ByteBuffer.wrap(control).order(ByteOrder.nativeOrder()).getLong() == systemIdentifier;
        } catch (IOException | BufferUnderflowException _) {
            return false;
        }
    }

    private Path standbySignal() {
        return folder.data().resolve("standby.signal");
    }
}
