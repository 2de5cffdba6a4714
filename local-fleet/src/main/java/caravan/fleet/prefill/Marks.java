package caravan.fleet.prefill;

import caravan.fleet.prefill.Cast.Buyer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What is filled, in a schema of its own beside each service's: the plan in the orders, and in every database the chunks that
 * it has, each written in the chunk's own transaction. They go when the data goes.
 */
final class Marks {

    private static final String PREPARE = """
            create schema if not exists bench;
            create table if not exists bench.chunks (
                number int primary key, orders int not null, kept_minor bigint not null);
            create table if not exists bench.plan (
                orders int not null, from_at timestamptz not null, until_at timestamptz not null,
                approved uuid[] not null, declined uuid[] not null, undeliverable uuid[] not null,
                buyers uuid[] not null, emails uuid[] not null)""";

    private static final String PLAN = "insert into bench.plan values (?, ?, ?, ?, ?, ?, ?, ?)";

    private Marks() {}

    static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PREPARE);
        }
    }

    static Optional<Plan> plan(Connection orders) throws SQLException {
        try (Statement statement = orders.createStatement();
                ResultSet row = statement.executeQuery("select * from bench.plan")) {
            if (!row.next()) {
                return Optional.empty();
            }
            List<UUID> buyers = uuids(row, "buyers");
            List<UUID> emails = uuids(row, "emails");
            Cast cast = new Cast(
                    uuids(row, "approved"),
                    uuids(row, "declined"),
                    uuids(row, "undeliverable"),
                    IntStream.range(0, buyers.size())
                            .mapToObj(i -> new Buyer(buyers.get(i), emails.get(i)))
                            .toList());
            return Optional.of(new Plan(
                    row.getInt("orders"),
                    row.getObject("from_at", OffsetDateTime.class).toInstant(),
                    row.getObject("until_at", OffsetDateTime.class).toInstant(),
                    cast));
        }
    }

    static void write(Connection orders, Plan plan) throws SQLException {
        Cast cast = plan.cast();
        try (PreparedStatement insert = orders.prepareStatement(PLAN)) {
            insert.setInt(1, plan.orders());
            insert.setObject(2, plan.from().atOffset(ZoneOffset.UTC));
            insert.setObject(3, plan.until().atOffset(ZoneOffset.UTC));
            insert.setArray(4, array(orders, cast.approved()));
            insert.setArray(5, array(orders, cast.declined()));
            insert.setArray(6, array(orders, cast.undeliverable()));
            insert.setArray(
                    7, array(orders, cast.buyers().stream().map(Buyer::id).toList()));
            insert.setArray(
                    8, array(orders, cast.buyers().stream().map(Buyer::email).toList()));
            insert.executeUpdate();
        }
    }

    static Set<Integer> chunks(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select number from bench.chunks")) {
            Set<Integer> numbers = new HashSet<>();
            while (row.next()) {
                numbers.add(row.getInt(1));
            }
            return numbers;
        }
    }

    /** @param keptMinor captured and not refunded, of payments that the card network has never seen */
    static void chunk(Connection connection, int number, int orders, long keptMinor) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into bench.chunks values (?, ?, ?)")) {
            insert.setInt(1, number);
            insert.setInt(2, orders);
            insert.setLong(3, keptMinor);
            insert.executeUpdate();
        }
    }

    private static Array array(Connection connection, List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }

    private static List<UUID> uuids(ResultSet row, String column) throws SQLException {
        return Arrays.asList((UUID[]) row.getArray(column).getArray());
    }
}
