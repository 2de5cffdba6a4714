package caravan.fleet;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PgBouncer before every database and before the replica. A server connection is a client's for one transaction: a thousand clients share {@value
 * #SERVERS_A_DATABASE}. It is a program of the system, not of an artefact; a fleet does without where it is not installed.
 */
public final class PgBouncer implements Part {
    public static final String NAME = "pgbouncer";

    /** Under which the replica's copy of a database is known, after the database's name. */
    public static final String REPLICA = "_replica";

    /** Seven databases with so many each leave sixty of PostgreSQL's 200 for migrations, audits and people. */
    static final int SERVERS_A_DATABASE = 20;

    static final String HOW_TO_INSTALL = "'apt-get install pgbouncer' brings it";

    private static final List<String> SETTINGS = List.of(
            "listen_addr = " + Sockets.HOST,
            "unix_socket_dir =",
            "auth_type = scram-sha-256",
            // May read the console ('show pools' in the database pgbouncer), and change nothing there.
            "stats_users = " + PostgresServer.USER,
            "pool_mode = transaction",
            "default_pool_size = " + SERVERS_A_DATABASE,
            "max_client_conn = 2000",
            // Not used in this mode: there is nothing to reset, because nobody keeps anything in a session.
            "server_reset_query =",
            // Both drivers send it, and read floats in binary or not at all. What else asks for a session of its own
            // (search_path, say) is refused rather than ignored.
            "ignore_startup_parameters = extra_float_digits",
            // PostgreSQL may start anew meanwhile. Less than the gateway's three seconds: to be told "not now" costs a
            // client a second, silence would open the breaker for thirty.
            "query_wait_timeout = 2",
            // A killed PostgreSQL is back within a second; the default keeps everybody out for 15.
            "server_login_retry = 1",
            "server_connect_timeout = 5",
            "client_login_timeout = 15",
            // As long as the services keep their own idle connections.
            "server_idle_timeout = 300",
            // A peer that vanished without a word is missed after a minute.
            "tcp_keepidle = 30",
            "tcp_keepintvl = 10",
            "tcp_keepcnt = 3",
            // A thousand clients would be a thousand lines; what goes wrong is said anyway.
            "log_connections = 0",
            "log_disconnections = 0",
            "log_stats = 0");

    /** Asks for TLS: the shortest question that its loop answers, and without a login. */
    private static final byte[] TLS_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();

    private static final int BOUND_MS = 1000;

    private final int port;
    private final Path home;
    private final int postgresql;
    private final OptionalInt replica;
    private final List<String> more;

    /** @param home for its configuration */
    public PgBouncer(int port, Path home, int postgresql, OptionalInt replica) {
        this(port, home, postgresql, replica, List.of());
    }

    /** @param more settings, which win */
    public PgBouncer(int port, Path home, int postgresql, OptionalInt replica, List<String> more) {
        this.port = port;
        this.home = home;
        this.postgresql = postgresql;
        this.replica = replica;
        this.more = List.copyOf(more);
    }

    /** Whether this system has it. */
    public static boolean installed() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        // Debian's place for it is not on everybody's path.
        return Command.find(NAME, "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Integer> ports() {
        return List.of(port);
    }

    @Override
    public void prepare(Path log) {
        if (!installed()) {
            throw new FleetException("PgBouncer is not installed: " + HOW_TO_INSTALL + ".");
        }
        PrivateFile.write(users(), "\"%s\" \"%s\"\n".formatted(PostgresServer.USER, PostgresServer.PASSWORD));
        PrivateFile.write(configuration(), text());
    }

    private String text() {
        Stream<String> databases = PostgresServer.DATABASES.stream().map(name -> database(name, name, postgresql));
        Stream<String> copies = replica.stream()
                .boxed()
                .flatMap(copy -> PostgresServer.DATABASES.stream().map(name -> database(name + REPLICA, name, copy)));
        List<String> own = List.of("[pgbouncer]", "listen_port = " + port, "auth_file = " + users());
        return Stream.of(Stream.of("[databases]"), databases, copies, own.stream(), SETTINGS.stream(), more.stream())
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String database(String name, String of, int port) {
        return "%s = host=%s port=%d dbname=%s".formatted(name, Sockets.HOST, port, of);
    }

    @Override
    public List<String> command() {
        String program = program().map(Path::toString).orElse(NAME);
        return Command.notAsRoot(List.of(program, configuration().toString()));
    }

    @Override
    public boolean ready() {
        try (Socket socket = new Socket()) {
            socket.connect(Sockets.address(port), BOUND_MS);
            socket.setSoTimeout(BOUND_MS);
            socket.getOutputStream().write(TLS_REQUEST);
            return socket.getInputStream().read() == 'N';
        } catch (IOException _) {
            return false;
        }
    }

    /** Transactions under way may end; TERM would cut them off. */
    @Override
    public String stopSignal() {
        return "INT";
    }

    @Override
    public Duration stopBound() {
        return Duration.ofSeconds(5);
    }

    private Path configuration() {
        return home.resolve("pgbouncer.ini");
    }

    private Path users() {
        return home.resolve("users.txt");
    }
}
