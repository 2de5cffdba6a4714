package caravan.fleet.testing;

import caravan.fleet.FleetException;
import caravan.fleet.PostgresServer;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same three as containers. Images: {@code -Dbackends.postgres=…}, {@code -Dbackends.kafka=…}, {@code -Dbackends.redis=…}. */
final class ContainerBackends {
    private static final int REDIS_PORT = 6379;

    private ContainerBackends() {}

    /** Testcontainers' own reaper removes them when this JVM ends. */
    @SuppressWarnings("resource")
    static Map<String, String> start() {
        requireDocker();
        PostgreSQLContainer postgres = new PostgreSQLContainer(image("postgres", "postgres:18-alpine"))
                .withUsername(PostgresServer.USER)
                .withPassword(PostgresServer.PASSWORD)
                .withCommand("postgres", "-c", "max_connections=200", "-c", "wal_level=replica");
        KafkaContainer kafka = new KafkaContainer(image("kafka", "apache/kafka:4.1.2"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        GenericContainer<?> redis =
                new GenericContainer<>(image("redis", "redis:7-alpine")).withExposedPorts(REDIS_PORT);
        Startables.deepStart(Stream.of(postgres, kafka, redis)).join();
        PostgresServer.createDatabases(postgres.getHost(), postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT));
        return Map.of(
                "caravan.db.host",
                postgres.getHost(),
                "caravan.db.port",
                Integer.toString(postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT)),
                "caravan.db.user",
                PostgresServer.USER,
                "caravan.db.password",
                PostgresServer.PASSWORD,
                "kafka.bootstrap.servers",
                kafka.getBootstrapServers(),
                "caravan.redis.url",
                "redis://" + redis.getHost() + ":" + redis.getMappedPort(REDIS_PORT));
    }

    private static void requireDocker() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new FleetException(
                    "-Dbackends=containers needs Docker, and none answers: 'apt-get install docker.io' and 'service docker start', or leave"
                            + " -Dbackends away for the embedded servers.");
        }
    }

    private static DockerImageName image(String of, String wellKnown) {
        return DockerImageName.parse(System.getProperty("backends." + of, wellKnown))
                .asCompatibleSubstituteFor(DockerImageName.parse(wellKnown).getUnversionedPart());
    }
}
