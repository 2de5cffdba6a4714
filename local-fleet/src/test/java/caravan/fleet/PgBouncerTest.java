package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PgBouncer before a real PostgreSQL. CI has it; elsewhere these tests need {@code apt-get install pgbouncer}. */
class PgBouncerTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int CLIENTS = 1000;

    @TempDir
    private static Path home;

    private static DataFolder folder;
    private static PostgresServer postgres;
    private static Child postgresProcess;
    private static PgBouncer pooler;
    private static Child poolerProcess;

    @BeforeAll
    static void start() {
        assumeTrue(PgBouncer.installed() || "true".equals(System.getenv("CI")), PgBouncer.HOW_TO_INSTALL);
        List<Integer> ports = Sockets.free(2);
        folder = new DataFolder(home);
        postgres = new PostgresServer(ports.get(0), folder.data("postgresql"));
        postgresProcess = Child.start(postgres, folder).awaitReady();
        // A thousand clients take their time on a busy machine.
        pooler = new PgBouncer(
                ports.get(1),
                folder.data(PgBouncer.NAME),
                ports.get(0),
                OptionalInt.empty(),
                List.of("query_wait_timeout = 60"));
        poolerProcess = Child.start(pooler, folder).awaitReady();
    }

    @AfterAll
    static void stop() {
        if (poolerProcess != null) {
            poolerProcess.close();
            postgresProcess.close();
        }
    }

    @Test
    void servesAThousandClientsWithTwentyServerConnections() throws Exception {
        run(postgres.jdbcUrl("orders"), "create table marks (client int, server int)");
        List<Connection> clients = open(CLIENTS);
        Sampling sampling = new Sampling();

        together(clients, PgBouncerTest::mark);

        int most = sampling.end();
        assertThat(servers()).hasSizeBetween(2, PgBouncer.SERVERS_A_DATABASE);
        assertThat(most).isBetween(2, PgBouncer.SERVERS_A_DATABASE);
        assertThat(one(postgres.jdbcUrl("orders"), "select count(distinct client) from marks"))
                .isEqualTo(CLIENTS);
        for (Connection client : clients) {
            client.close();
        }
    }

    @Test
    void letsTransactionsEndWhenItIsAskedToStop() throws Exception {
        try (Connection client = connect(pooled("payments"));
                var statement = client.createStatement()) {
            CompletableFuture<Boolean> slow = CompletableFuture.supplyAsync(() -> {
                try {
                    return statement.execute("select pg_sleep(1)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(BOUND)
                    .until(() -> one(
                                    postgres.jdbcUrl("payments"),
                                    "select count(*) from pg_stat_activity where query like 'select pg_sleep%'")
                            == 1);

            poolerProcess.close();

            assertThat(slow.get()).isTrue();
        } finally {
            poolerProcess = Child.start(pooler, folder).awaitReady();
        }
    }

    @Test
    void findsARestartedPostgresqlAgainAndKeepsItsClients() throws Exception {
        try (Connection client = connect(pooled("inventory"));
                var statement = client.createStatement()) {
            statement.execute("select 1");

            postgresProcess.kill();
            postgresProcess = Child.start(postgres, folder).awaitReady();

            assertThat(statement.execute("select 1")).isTrue();
        }
    }

    private static List<Connection> open(int count) {
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            return IntStream.range(0, count)
                    .mapToObj(_ ->
                            CompletableFuture.supplyAsync(() -> quietly(() -> connect(pooled("orders"))), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        }
    }

    private static void together(List<Connection> clients, Mark mark) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients.size(); i++) {
                int client = i;
                threads.execute(() -> quietly(() -> mark.by(client, clients.get(client))));
            }
        }
    }

    /** Long enough that all of them want a server at once. */
    private static boolean mark(int client, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("insert into marks values (" + client + ", pg_backend_pid())");
            statement.execute("select pg_sleep(0.02)");
        }
        connection.commit();
        return true;
    }

    private static Set<Integer> servers() throws SQLException {
        Set<Integer> servers = new HashSet<>();
        try (Connection connection = connect(postgres.jdbcUrl("orders"));
                var rows = connection.createStatement().executeQuery("select distinct server from marks")) {
            while (rows.next()) {
                servers.add(rows.getInt(1));
            }
        }
        return servers;
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int one(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Simple queries: this driver's others go by statements with names. */
    private static String pooled(String database) {
        return "jdbc:postgresql://" + Sockets.HOST + ":" + pooler.ports().getFirst() + "/" + database
                + "?preferQueryMode=simple";
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
    }

    private static <T> T quietly(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    @FunctionalInterface
    private interface Mark {
        boolean by(int client, Connection connection) throws SQLException;
    }

    /** How many server connections PostgreSQL itself sees, at most. */
    private static final class Sampling {
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private final CompletableFuture<Integer> most = CompletableFuture.supplyAsync(() -> quietly(this::watch));

        private int watch() throws SQLException {
            int highest = 0;
            try (Connection connection = connect(postgres.jdbcUrl("postgres"));
                    var statement = connection.createStatement()) {
                while (!end.isDone()) {
                    try (var row = statement.executeQuery(
                            "select count(*) from pg_stat_activity where datname = 'orders' and backend_type = 'client backend'")) {
                        row.next();
                        highest = Math.max(highest, row.getInt(1));
                    }
                }
            }
            return highest;
        }

        int end() {
            end.complete(null);
            return most.join();
        }
    }
}
