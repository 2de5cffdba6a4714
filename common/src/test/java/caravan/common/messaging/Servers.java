package caravan.common.messaging;

import caravan.fleet.testing.BackendAddresses;
import caravan.fleet.testing.Backends;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The real PostgreSQL and Kafka, for tests without Quarkus. */
final class Servers {

    static final Duration BOUND = Duration.ofSeconds(20);
    static final Vertx VERTX = Vertx.vertx();

    private static final BackendAddresses AT = Backends.addresses();

    private Servers() {}

    static Pool pool(int size) {
        PgConnectOptions to = new PgConnectOptions()
                .setHost(AT.dbHost())
                .setPort(AT.dbPort())
                .setUser(AT.dbUser())
                .setPassword(AT.dbPassword())
                .setDatabase("orders");
        return Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(size))
                .connectingTo(to)
                .using(VERTX.getDelegate())
                .build());
    }

    /** Starts a table anew from the migration that services run. */
    static void migrate(Pool pool, String table, String script) throws IOException {
        run(pool, "drop table if exists " + table);
        try (InputStream sql = Servers.class.getResourceAsStream(script)) {
            if (sql == null) {
                throw new IOException("no " + script);
            }
            run(pool, new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static void run(Pool pool, String sql) {
        pool.query(sql).execute().await().atMost(BOUND);
    }

    static long count(Pool pool, String table) {
        return pool.query("select count(*) as n from " + table)
                .execute()
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getLong("n");
    }

    static MessagingConfig config() {
        return Configs.with(Map.of(
                "caravan.messaging.bootstrap-servers", AT.kafka(), "caravan.messaging.outbox-poll-every", "100ms"));
    }

    static void createTopic(String name, int partitions) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", AT.kafka()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** What is on a topic, from its beginning to its end of now. */
    static List<ConsumerRecord<String, byte[]>> all(String topic) {
        Map<String, Object> to = Map.of("bootstrap.servers", AT.kafka());
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(to, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    static String idOf(ConsumerRecord<String, byte[]> record) {
        return new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8);
    }
}
