package caravan.fleet.prefill;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Fills the databases of a fleet with ended orders, beside its work. What was cut off goes on where it was: each database
 * knows which chunks it has. While it runs the databases do not agree with each other yet, and an audit says so.
 */
public final class Prefill {

    /** All databases together, indexes included; measured, see decision record 0018. */
    static final long BYTES_AN_ORDER = 13_500;

    /** For the WAL, and for what the fleet writes meanwhile. */
    private static final long SPARE_BYTES = 4L << 30;

    private final Connections databases;
    private final Path disk;
    private final Consumer<String> progress;

    /**
     * For one fleet.
     *
     * @param disk a folder on the disk that the databases are on
     */
    public Prefill(Connections databases, Path disk, Consumer<String> progress) {
        this.databases = databases;
        this.disk = disk;
        this.progress = progress;
    }

    /**
     * Looks whether so many orders can be filled in.
     *
     * @throws FleetException when there is no room for those that are missing, or another number is there already
     */
    public void require(int orders) {
        try {
            for (String database : Table.databases()) {
                try (Connection connection = databases.to(database)) {
                    Marks.prepare(connection);
                }
            }
            plan().filter(plan -> plan.orders() != orders).ifPresent(other -> {
                throw new FleetException(
                        "%,d orders are prefilled here: ask for those, or begin anew ('./caravan down', 'reset', 'up')."
                                .formatted(other.orders()));
            });
            requireRoom(orders - filled());
        } catch (SQLException e) {
            throw unfilled(e);
        }
    }

    /**
     * Fills in what is missing of them, after {@link #require}.
     *
     * @param cast asked for when nothing is filled yet
     */
    public void fill(int orders, Supplier<Cast> cast) {
        try {
            int missing = orders - filled();
            if (missing > 0) {
                Optional<Plan> known = plan();
                fillIn(known.isPresent() ? known.get() : begin(orders, cast.get()), missing);
            }
            progress.accept("%,d prefilled orders are there".formatted(orders));
        } catch (SQLException e) {
            throw unfilled(e);
        }
    }

    private Plan begin(int orders, Cast cast) throws SQLException {
        Plan plan = Plan.endingAt(Instant.now(), orders, cast);
        try (Connection connection = databases.to("orders")) {
            Marks.write(connection, plan);
        }
        return plan;
    }

    private void fillIn(Plan plan, int missing) throws SQLException {
        long bytesBefore = bytes();
        Map<UUID, Sample> samples = new HashMap<>();
        for (UUID id : plan.cast().samples()) {
            samples.put(id, Sample.of(id, databases));
        }
        Pace pace = new Pace(progress, rows(plan, samples) * missing / plan.orders());
        together(plan, samples, pace);
        long rowsPerSecond = pace.rowsPerSecond();
        tidyUp();
        long grown = bytes() - bytesBefore;
        progress.accept("%,d orders were filled in, %,d bytes each, at %,d rows/s"
                .formatted(missing, grown / missing, rowsPerSecond));
    }

    /** A thread for each database: the largest two take as long as two cores need for all. */
    private void together(Plan plan, Map<UUID, Sample> samples, Pace pace) {
        AtomicBoolean failed = new AtomicBoolean();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (String database : Table.databases()) {
                all.add(threads.submit(() -> {
                    try {
                        chunks(database, plan, samples, pace, failed);
                    } catch (Exception e) {
                        failed.set(true);
                        throw e;
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FleetException said
                    ? said
                    : unfilled(Objects.requireNonNullElse(e.getCause(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private void chunks(String database, Plan plan, Map<UUID, Sample> samples, Pace pace, AtomicBoolean failed)
            throws SQLException {
        try (Connection connection = databases.to(database)) {
            Set<Integer> there = Marks.chunks(connection);
            Filling filling = new Filling(connection, database, plan, samples);
            for (int chunk = 0; chunk < plan.chunks() && !failed.get(); chunk++) {
                if (!there.contains(chunk)) {
                    requireSpare();
                    pace.rows(filling.fill(chunk));
                }
            }
        }
    }

    /** As the autovacuum of those days has left them: statistics, and nothing that a first reader would have to note down. */
    private void tidyUp() throws SQLException {
        for (Table table : Table.values()) {
            progress.accept("  vacuum of " + table.database + "." + table.title);
            try (Connection connection = databases.to(table.database);
                    Statement statement = connection.createStatement()) {
                statement.execute("vacuum (freeze, analyze) " + table.title);
            }
        }
    }

    private static long rows(Plan plan, Map<UUID, Sample> samples) {
        int some = Math.min(plan.orders(), Plan.CHUNK);
        long rows = 0;
        for (int number = 0; number < some; number++) {
            Sample sample = samples.get(plan.sample(number));
            rows += sample == null ? 0 : sample.size();
        }
        return rows * plan.orders() / some;
    }

    private Optional<Plan> plan() throws SQLException {
        try (Connection orders = databases.to("orders")) {
            return Marks.plan(orders);
        }
    }

    /** Orders that every database has. */
    private int filled() throws SQLException {
        int least = Integer.MAX_VALUE;
        for (String database : Table.databases()) {
            least = (int) Math.min(least, number(database, "select coalesce(sum(orders), 0) from bench.chunks"));
        }
        return least;
    }

    private long bytes() throws SQLException {
        long bytes = 0;
        for (String database : Table.databases()) {
            bytes += number(database, "select pg_database_size(current_database())");
        }
        return bytes;
    }

    private long number(String database, String sql) throws SQLException {
        try (Connection connection = databases.to(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void requireRoom(int orders) throws SQLException {
        if (orders == 0) {
            return;
        }
        // A replica has every row too, and its slot says that there is one.
        long copies = 1 + number("orders", "select count(*) from pg_replication_slots");
        long filled = orders * BYTES_AN_ORDER * copies;
        long needed = filled + SPARE_BYTES;
        progress.accept("%,d ended orders will take about %,d MB; %,d MB are free"
                .formatted(orders, filled >> 20, free() >> 20));
        if (free() < needed) {
            throw new FleetException(
                    "%,d orders need %,d MB, the WAL and some room for the fleet included, and only %,d MB are free."
                            .formatted(orders, needed >> 20, free() >> 20));
        }
    }

    private void requireSpare() {
        if (free() < SPARE_BYTES / 2) {
            throw new FleetException(
                    "Only %,d MB are free: make room and ask again, it goes on where it was.".formatted(free() >> 20));
        }
    }

    private static FleetException unfilled(Throwable cause) {
        return new FleetException("The databases cannot be filled: " + cause, cause);
    }

    private long free() {
        try {
            return Files.getFileStore(Files.createDirectories(disk)).getUsableSpace();
        } catch (IOException e) {
            throw new FleetException("Cannot look at " + disk + ": " + e.getMessage(), e);
        }
    }
}
