package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers of production let in who logs in; every client of a service must, not only those that the frame makes. */
class BrokerLoginTest {

    private static final BrokerLogin LOGIN = new BrokerLogin(GuardedBroker.login());

    @TempDir
    static Path home;

    private static GuardedBroker broker;
    private static MessagingConfig config;

    @BeforeAll
    static void start() throws InterruptedException {
        broker = new GuardedBroker(home);
        config = Configs.with(Map.of(
                "caravan.messaging.bootstrap-servers", broker.bootstrapServers(), "caravan.messaging.partitions", "1"));
        new TopicSetup(config, LOGIN).ensure(new StartupEvent());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void producerIsLetInWithTheLoginOfTheSettings() {
        Publisher publisher = publisher(LOGIN);

        publisher.sendRecords(List.of(record())).await().atMost(Servers.BOUND);

        publisher.close();
    }

    @Test
    void producerWithoutALoginIsNot() {
        Publisher publisher = publisher(BrokerLogin.NONE);

        assertThatThrownBy(
                        () -> publisher.sendRecords(List.of(record())).await().atMost(Servers.BOUND))
                .hasMessageContaining(Topics.SAGA_REPLIES);

        publisher.close();
    }

    @Test
    void lagIsKnownToWhoIsLetIn() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        LagMetrics metrics = new LagMetrics(config, LOGIN, "test-service", Set.of(Topics.ORDER_EVENTS));

        metrics.start(new StartupEvent(), meters, Servers.VERTX.getDelegate());

        await().atMost(Servers.BOUND)
                .until(() -> meters.get("kafka.consumer.lag").gauge().value() == 0);
        metrics.stop(new ShutdownEvent());
    }

    @Test
    void clientsGetWhatLetsThemInAndNothingElse() {
        Map<String, Object> all = LOGIN.with(Map.of("client.id", "mine"));

        assertThat(all)
                .containsOnlyKeys("client.id", "security.protocol", "sasl.mechanism", "sasl.jaas.config")
                .containsEntry("client.id", "mine");
    }

    private static Publisher publisher(BrokerLogin login) {
        return new Publisher(config, login, TracerProvider.noop().get("test"));
    }

    private static ProducerRecord<String, byte[]> record() {
        return new ProducerRecord<>(Topics.SAGA_REPLIES, "saga", new byte[] {1});
    }
}
