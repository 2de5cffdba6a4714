package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor with the real infrastructure and services that only answer their readiness check. */
class FleetTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final List<String> console = new CopyOnWriteArrayList<>();

    @Test
    void startsWhatDiesAgainAndKeepsTheData() throws Exception {
        FleetOptions options = options();
        try (Fleet fleet = Fleet.start(options)) {
            execute(fleet, "create table kept (id int)");

            fleet.kill("payment-service");
            fleet.kill("postgresql");
            fleet.killKafka();
            fleet.awaitReady(PostgresReplica.NAME, BOUND);

            fleet.awaitReady("payment-service", BOUND);
            fleet.awaitReady("postgresql", BOUND);
            fleet.awaitReady("kafka", BOUND);
            assertThat(fleet.restarts("payment-service")).isEqualTo(1);
            execute(fleet, "insert into kept values (1)");
            assertThatThrownBy(() -> Fleet.start(options)).hasMessageContaining("already runs");
        }
        try (Fleet again = Fleet.start(options)) {
            execute(again, "insert into kept values (2)");
            again.awaitReady(PostgresReplica.NAME, BOUND);
            await().atMost(BOUND).until(() -> rows(again.replicaJdbcUrl("orders")) == 2);
        }
        assertThat(new DataFolder(options.folder()).pidFiles()).isEmpty();
        assertThat(console).anyMatch(line -> line.contains("payment-service ended (exit code 137)"));
    }

    @Test
    void replacesAServicesProcessByAnotherOneAndStartsTheFirstNoMore() throws Exception {
        try (Fleet fleet = Fleet.start(options())) {
            String second = fleet.startReplica("payment-service");

            Fleet.Ended ended = fleet.stopService("payment-service");

            assertThat(ended.exitCode()).isEqualTo(143);
            assertThat(fleet.ready(second)).isTrue();
            assertThat(fleet.parts()).contains(second).doesNotContain("payment-service");
            assertThatThrownBy(() -> fleet.stopService("kafka")).hasMessageContaining("kafka is no service");
        }
    }

    @Test
    void leavesNothingBehindWhenAServiceCannotStart() throws Exception {
        FleetOptions options = options().withEnvironment("FAKE_TROUBLE", "yes");

        assertThatThrownBy(() -> Fleet.start(options))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("ended with exit code 3")
                .hasMessageContaining("The configuration is wrong");

        assertThat(new DataFolder(options.folder()).pidFiles()).isEmpty();
        Sockets.requireFree(options.ports().postgresql(), "postgresql");
        Sockets.requireFree(options.ports().smtp(), "the mail sink");
    }

    @Test
    void startsNothingWhenAPortIsTaken() throws Exception {
        FleetOptions options = options();
        int wanted = options.ports().of("gateway").http();

        try (ServerSocket _ = new ServerSocket(wanted, 1, java.net.InetAddress.ofLiteral(Sockets.HOST))) {
            assertThatThrownBy(() -> Fleet.start(options))
                    .hasMessageContaining("Port " + wanted + ", which gateway needs");
        }
        assertThat(Files.exists(options.folder().resolve("log/postgresql.log"))).isFalse();
    }

    @Test
    void endsWhatAKilledSupervisorLeftBehindAndNobodyElse() throws Exception {
        DataFolder data = new DataFolder(folder.resolve("data"));
        Process leftOver = new ProcessBuilder("sleep", "1000").start();
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        PidFile.write(data.run("redis.pid"), leftOver.toHandle());
        // A pid that was used again: the same number, another start time.
        Files.writeString(data.run("kafka.pid"), stranger.pid() + " 12345\n");

        LeftOvers.end(data, new Console(console::add));

        assertThat(leftOver.isAlive()).isFalse();
        assertThat(stranger.isAlive()).isTrue();
        assertThat(data.pidFiles()).isEmpty();
        stranger.destroyForcibly();
    }

    private FleetOptions options() throws Exception {
        Path checkout = FakeService.checkout(folder.resolve("checkout"));
        return new FleetOptions(
                folder.resolve("fleet"),
                checkout,
                Ports.free(),
                java.util.Set.of("order-service", "shipment-service", "notification-service", "saga-orchestrator"),
                java.util.Map.of(),
                console::add);
    }

    private static int rows(String url) throws Exception {
        try (var connection = DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
                var row = connection.createStatement().executeQuery("select count(*) from kept")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void execute(Fleet fleet, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        fleet.jdbcUrl("orders"), PostgresServer.USER, PostgresServer.PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
