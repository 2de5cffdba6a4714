package caravan.common.messaging;

import caravan.common.contract.Topics;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates the topics that are missing, before any consumer starts: a consumer that subscribes first would see them only
 * at its next refresh. Where topics are declared elsewhere (Kubernetes), {@code create-topics=false}.
 */
@Singleton
class TopicSetup {

    /** Twice what other topics take: a dead letter has more headers than the record that it was. */
    static final int LARGEST_DEAD_LETTER = 2 * 1024 * 1024;

    private final MessagingConfig config;
    private final BrokerLogin login;

    TopicSetup(MessagingConfig config, BrokerLogin login) {
        this.config = config;
        this.login = login;
    }

    void ensure(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
        if (!config.createTopics()) {
            return;
        }
        Map<String, Object> to = login.with(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 30_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000));
        try (Admin admin = Admin.create(to)) {
            create(admin);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no topics on the broker at " + config.bootstrapServers(), e);
        }
    }

    private void create(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> there = admin.listTopics().names().get(30, TimeUnit.SECONDS);
        List<NewTopic> missing = Topics.withDeadLetters()
                .filter(topic -> !there.contains(topic))
                .map(this::topic)
                .toList();
        for (var result : admin.createTopics(missing).values().values()) {
            try {
                result.get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // Another service was quicker: that is what was wanted.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private NewTopic topic(String name) {
        boolean dead = name.endsWith(".dlq");
        // A record every few seconds at most: one partition carries it.
        boolean quiet = dead || name.equals(Topics.SAGA_RETENTION);
        NewTopic topic = new NewTopic(
                name,
                Optional.of(quiet ? 1 : config.partitions()),
                config.replicationFactor() < 1 ? Optional.empty() : Optional.of(config.replicationFactor()));
        if (dead) {
            return topic.configs(Map.of("max.message.bytes", String.valueOf(LARGEST_DEAD_LETTER)));
        }
        // The newest state of each product stays for ever: a new order-service reads its prices from it.
        return name.equals(Topics.PRODUCT_EVENTS) ? topic.configs(Map.of("cleanup.policy", "compact")) : topic;
    }
}
