package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A primary that all tests share, and its replica, which each of them finds in good order. */
class PostgresReplicaTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int SEGMENTS_TOO_MANY = 6;

    @TempDir
    private static Path home;

    private static final List<String> CONSOLE = new CopyOnWriteArrayList<>();
    private static DataFolder folder;
    private static PostgresServer primary;
    private static Child primaryProcess;
    private static PostgresReplica replica;
    private static Keeper keeper;

    @BeforeAll
    static void start() throws Exception {
        List<Integer> ports = Sockets.free(2);
        folder = new DataFolder(home);
        // Three segments of WAL.
        primary = new PostgresServer(
                ports.get(0), folder.data("postgresql"), List.of("max_slot_wal_keep_size=48MB", "min_wal_size=32MB"));
        primaryProcess = Child.start(primary, folder).awaitReady();
        replica = new PostgresReplica(ports.get(1), folder.data(PostgresReplica.NAME), primary, CONSOLE::add);
        keeper = keeper();
        execute("create table marks (n serial primary key)");
    }

    @AfterAll
    static void stop() {
        keeper.close();
        primaryProcess.close();
    }

    @BeforeEach
    void followsAndHasNothingToSay() throws Exception {
        awaitReplicated(mark());
        CONSOLE.clear();
    }

    @Test
    void showsWhatThePrimaryWrites() throws Exception {
        awaitReplicated(mark());

        assertThatThrownBy(() -> run(replica.jdbcUrl("orders"), "insert into marks default values"))
                .hasMessageContaining("read-only");
    }

    @Test
    void catchesUpAfterItWasKilled() throws Exception {
        keeper.kill();
        int missed = mark();

        awaitReplicated(missed);

        assertThat(copies()).isEmpty();
    }

    @Test
    void startsAndAnswersWithoutItsPrimary() throws Exception {
        keeper.close();
        primaryProcess.kill();

        keeper = keeper();
        awaitReady();

        primaryProcess = Child.start(primary, folder).awaitReady();
        awaitReplicated(mark());
        assertThat(copies()).isEmpty();
    }

    @Test
    void copiesAnewWhatWasCutOff() throws Exception {
        keeper.close();
        dropSlot();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> replica.prepare(folder.log(PostgresReplica.NAME)))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();

        keeper = keeper();

        awaitReplicated(mark());
        assertThat(copies()).last().asString().contains("the last copy was cut off");
    }

    @Test
    void copiesAnewWhenThePrimaryNoLongerHasTheWal() throws Exception {
        keeper.close();
        for (int i = 0; i < SEGMENTS_TOO_MANY; i++) {
            execute("select pg_logical_emit_message(false, 'test', 'a segment may not be empty'), pg_switch_wal()");
        }
        execute("checkpoint");

        keeper = keeper();

        awaitReplicated(mark());
        assertThat(copies()).singleElement().asString().contains("no longer has the WAL");
    }

    @Test
    void copiesAnewWhenItAsksInVainWhileItRuns() throws Exception {
        dropSlot();

        await().atMost(BOUND).until(() -> !copies().isEmpty());

        awaitReplicated(mark());
        assertThat(copies()).singleElement().asString().contains("no longer has the WAL");
    }

    @Test
    void copiesAnewWhatIsOfAnotherDatabase() throws Exception {
        keeper.close();
        Path control = folder.data(PostgresReplica.NAME).resolve("data").resolve(BaseBackup.CONTROL_FILE);
        try (RandomAccessFile file = new RandomAccessFile(control.toFile(), "rw")) {
            file.writeLong(4711);
        }

        keeper = keeper();

        awaitReplicated(mark());
        assertThat(copies()).singleElement().asString().contains("belongs to another one");
    }

    @Test
    void copiesAnewWhatWasMadeAPrimary() throws Exception {
        run(replica.jdbcUrl("orders"), "select pg_promote()");
        keeper.kill();

        awaitReplicated(mark());

        assertThat(copies()).singleElement().asString().contains("made a primary of its own");
    }

    private static Keeper keeper() {
        Keeper keeper = new Keeper(replica, folder, new Console(CONSOLE::add), () -> {});
        keeper.startUnattended();
        return keeper;
    }

    private static List<String> copies() {
        return CONSOLE.stream().filter(line -> line.contains("is copied from")).toList();
    }

    private static void awaitReady() {
        await().atMost(BOUND).until(() -> keeper.ready());
    }

    private static void awaitReplicated(int mark) {
        await().atMost(BOUND).until(() -> complete() && last(replica.jdbcUrl("orders")) >= mark);
    }

    /** Ready, and the keeper has seen it. */
    private static boolean complete() {
        return keeper.ready() && new PostgresFolder(folder.data(PostgresReplica.NAME)).usable();
    }

    private static int mark() throws SQLException {
        execute("insert into marks default values");
        return last(primary.jdbcUrl("orders"));
    }

    private static int last(String url) {
        try (Connection connection = connect(url);
                var rows = connection.createStatement().executeQuery("select max(n) from marks")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException _) {
            // It starts.
            return -1;
        }
    }

    /** Its user, which is sent away first, may be back a moment too soon. */
    private static void dropSlot() {
        await().atMost(BOUND).ignoreExceptions().until(() -> {
            execute("select pg_terminate_backend(active_pid, 5000) from pg_replication_slots where active;"
                    + "select pg_drop_replication_slot('" + ReplicationSlot.NAME + "')");
            return true;
        });
    }

    private static void execute(String sql) throws SQLException {
        run(primary.jdbcUrl("orders"), sql);
    }

    private static void run(String url, String sql) throws SQLException {
        try (Connection connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, PostgresServer.USER, PostgresServer.PASSWORD);
    }
}
