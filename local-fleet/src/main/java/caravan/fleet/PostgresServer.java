package caravan.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A durable PostgreSQL with one database per service, all owned by the role {@value #USER}. It listens on 127.0.0.1 only, which is why its password may be
 * known.
 */
public final class PostgresServer implements Part {
    public static final String USER = "caravan";
    public static final String PASSWORD = "caravan";
    public static final List<String> DATABASES =
            List.of("orders", "inventory", "payments", "shipments", "notifications", "sagas", "gateway");

    /** What a replica needs as well. */
    static final List<String> SHARED_SETTINGS = List.of(
            "listen_addresses=" + Sockets.HOST,
            "unix_socket_directories=",
            // Durability is never traded, not even here: what the fleet shows must hold after a power cut.
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "wal_level=replica",
            // When each order's row was committed: the benchmark's clock. Ten bytes a transaction.
            "track_commit_timestamp=on",
            // Seven services with a pool of about 16 each, and people with psql. A replica may not have fewer.
            "max_connections=200",
            // Queries are short and prepared; compiling them costs more than it saves.
            "jit=off",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] %d ",
            "log_checkpoints=off",
            "idle_in_transaction_session_timeout=60s");

    private static final List<String> SETTINGS = List.of(
            "shared_buffers=160MB",
            // Rare, spread checkpoints: each one makes every page's next change a full page in the WAL.
            "max_wal_size=1GB",
            "min_wal_size=128MB",
            "checkpoint_timeout=10min",
            "checkpoint_completion_target=0.9",
            // What a replica that is away may make it keep: some minutes at full load. One that is away for longer is
            // copied anew, which takes a second for a young fleet; a full disk would stop everybody.
            "max_slot_wal_keep_size=1GB",
            // Statements go by key: a tenth of the usual sample is plenty, and analysing big tables each minute is not
            // free.
            "default_statistics_target=10");

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final int port;
    private final PostgresFolder folder;
    private final List<String> settings;

    /** @param home holds the data; kept between runs */
    public PostgresServer(int port, Path home) {
        this(port, home, List.of());
    }

    /** @param more settings, which win */
    PostgresServer(int port, Path home, List<String> more) {
        this.port = port;
        this.folder = new PostgresFolder(home);
        this.settings =
                Stream.of(SHARED_SETTINGS, SETTINGS, more).flatMap(List::stream).toList();
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Sockets.HOST + ":" + port + "/" + database;
    }

    @Override
    public void prepare(Path log) {
        PostgresBinaries binaries = PostgresBinaries.unpackedIn(ProgramCache.folder());
        if (!folder.usable()) {
            initialise(binaries, log);
        }
        folder.endForgottenServer(stopSignal(), stopBound());
    }

    private void initialise(PostgresBinaries binaries, Path log) {
        folder.begin();
        try {
            Path password = Files.writeString(folder.home().resolve("password"), PASSWORD);
            List<String> arguments = List.of(
                    "-D",
                    data().toString(),
                    "-U",
                    USER,
                    "--pwfile=" + password,
                    "-A",
                    "scram-sha-256",
                    "-E",
                    "UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C");
            Command.run("create the PostgreSQL data folder", binaries.command("initdb", arguments), log);
            folder.finish();
        } catch (IOException e) {
            throw new FleetException("Cannot write to " + folder.home() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> command() {
        return program(data(), port, settings);
    }

    /** The server's program: what a primary and a replica are both started with. */
    static List<String> program(Path data, int port, List<String> settings) {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", Integer.toString(port)));
        settings.forEach(setting -> arguments.addAll(List.of("-c", setting)));
        return PostgresBinaries.unpackedIn(ProgramCache.folder()).command("postgres", arguments);
    }

    @Override
    public boolean ready() {
        if (!Sockets.accepts(port)) {
            return false;
        }
        try (Connection _ = connect(Sockets.HOST, port, BOUND)) {
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    @Override
    public void onReady() {
        createDatabases(Sockets.HOST, port);
    }

    /** Makes the databases that are missing on any server that knows {@link #USER}. */
    public static void createDatabases(String host, int port) {
        try (Connection connection = connect(host, port, BOUND)) {
            for (String database : DATABASES) {
                if (!exists(connection, database)) {
                    execute(connection, "create database " + database);
                }
            }
        } catch (SQLException e) {
            throw new FleetException("Cannot create the databases: " + e.getMessage(), e);
        }
    }

    /** "Fast": open sessions are ended, the data is flushed. The default would wait for a developer's psql to go away. */
    @Override
    public String stopSignal() {
        return "INT";
    }

    @Override
    public Duration stopBound() {
        return Duration.ofSeconds(30);
    }

    /** @param bound of a single answer */
    static Connection connect(String host, int port, Duration bound) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", Long.toString(bound.toSeconds()));
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/postgres", properties);
    }

    private static boolean exists(Connection connection, String database) throws SQLException {
        try (var query = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            query.setString(1, database);
            try (var rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Path data() {
        return folder.data();
    }
}
