package caravan.fleet.bench;

import caravan.fleet.FleetException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * What was used up to now, counted from whatever start; two of them give what was used between.
 *
 * @param cpuMillis by part; {@code load generator} is this process
 * @param commits by database
 * @param walBytes by database; what no backend of one wrote (checkpoints, autovacuum) is under {@code other}
 */
record Costs(Map<String, Long> cpuMillis, Map<String, Long> commits, Map<String, Long> walBytes, long kafkaRecords) {

    static final String LOAD_GENERATOR = "load generator";

    private static final String COMMITS =
            "select datname, xact_commit from pg_stat_database where datname is not null and datname !~ '^template'";

    private static final String WAL = """
            select a.datname, sum(w.wal_bytes)::bigint as bytes
            from pg_stat_activity a, lateral pg_stat_get_backend_wal(a.pid) w
            where a.datname is not null and a.backend_type = 'client backend' and a.application_name <> 'bench'
            group by a.datname""";

    private static final String ALL_WAL = "select wal_bytes::bigint as bytes from pg_stat_wal";

    static Costs now(Target target) {
        Map<String, Long> commits = new TreeMap<>();
        Map<String, Long> wal = new TreeMap<>();
        try (Connection connection = target.connect("postgres");
                Statement statement = connection.createStatement()) {
            read(statement, COMMITS, commits);
            read(statement, WAL, wal);
            try (ResultSet row = statement.executeQuery(ALL_WAL)) {
                row.next();
                long known = wal.values().stream().mapToLong(bytes -> bytes).sum();
                wal.put("other", Math.max(0, row.getLong("bytes") - known));
            }
        } catch (SQLException e) {
            throw new FleetException("PostgreSQL's statistics cannot be read: " + e.getMessage(), e);
        }
        return new Costs(cpu(target), commits, wal, kafkaRecords(target));
    }

    Costs since(Costs before) {
        return new Costs(
                less(cpuMillis, before.cpuMillis),
                less(commits, before.commits),
                less(walBytes, before.walBytes),
                kafkaRecords - before.kafkaRecords);
    }

    private static Map<String, Long> less(Map<String, Long> now, Map<String, Long> before) {
        Map<String, Long> difference = new LinkedHashMap<>();
        // A process that was started again counts from 0.
        now.forEach((name, value) -> difference.put(name, Math.max(0, value - before.getOrDefault(name, 0L))));
        return difference;
    }

    private static void read(Statement statement, String sql, Map<String, Long> into) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                into.put(row.getString(1), row.getLong(2));
            }
        }
    }

    private static Map<String, Long> cpu(Target target) {
        Map<String, Long> millis = new LinkedHashMap<>();
        target.processes()
                .get()
                .forEach((name, processes) -> millis.put(
                        name, processes.stream().mapToLong(Costs::millis).sum()));
        millis.put(LOAD_GENERATOR, millis(ProcessHandle.current()));
        return millis;
    }

    private static long millis(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(java.time.Duration::toMillis)
                .orElse(0L);
    }

    private static long kafkaRecords(Target target) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", target.bootstrapServers());
        try (Admin admin = Admin.create(settings)) {
            var names = admin.listTopics().names().get();
            List<TopicPartition> partitions = admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .toList();
            Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                    .collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest(), (a, _) -> a, HashMap::new));
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(info -> info.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new FleetException("Kafka's offsets cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }
}
