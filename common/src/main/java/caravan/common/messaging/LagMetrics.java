package caravan.common.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code kafka.consumer.lag{topic}} in records: what the service's consumer group has not committed yet, so that all its replicas
 * say the same. Not a number while the brokers do not say.
 *
 * <p>Asked of the brokers and not of the consumers: theirs is of the last fetch, and a consumer that waits for its database
 * does not fetch, which is when the lag grows. Micrometer's binder of the clients would be some hundred series for each
 * consumer besides.
 */
@Singleton
class LagMetrics {

    private static final Logger LOG = Logger.getLogger(LagMetrics.class);
    private static final Pattern CHANNEL_TOPIC = Pattern.compile("mp\\.messaging\\.incoming\\.[^.]+\\.topic");
    private static final String GROUP = "mp.messaging.connector.smallrye-kafka.group.id";

    private final AtomicBoolean looking = new AtomicBoolean();
    private final MessagingConfig config;
    private final BrokerLogin login;
    private final String group;
    private final Set<String> topics;
    private volatile Map<String, Long> lags = Map.of();
    private @Nullable Admin admin;

    @Inject
    LagMetrics(MessagingConfig messaging, BrokerLogin login, Config config) {
        this(messaging, login, config.getValue(GROUP, String.class), topics(config));
    }

    LagMetrics(MessagingConfig config, BrokerLogin login, String group, Set<String> topics) {
        this.config = config;
        this.login = login;
        this.group = group;
        this.topics = topics;
    }

    private static Set<String> topics(Config config) {
        Set<String> topics = new TreeSet<>();
        for (String name : config.getPropertyNames()) {
            Matcher matcher = CHANNEL_TOPIC.matcher(name);
            if (matcher.matches()) {
                topics.add(config.getValue(name, String.class));
            }
        }
        return topics;
    }

    void start(@Observes StartupEvent event, MeterRegistry meters, Vertx vertx) {
        if (topics.isEmpty()) {
            return;
        }
        topics.forEach(topic -> Gauge.builder("kafka.consumer.lag", this, metrics -> metrics.lagOf(topic))
                .baseUnit("records")
                .tag("topic", topic)
                .strongReference(true)
                .register(meters));
        Admin opened = Admin.create(login.with(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                config.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                config.instance() + "-lag",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                10_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5_000)));
        admin = opened;
        look(opened);
        vertx.setPeriodic(config.lagPollEvery().toMillis(), _ -> look(opened));
    }

    void stop(@Observes ShutdownEvent event) {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private double lagOf(String topic) {
        Long lag = lags.get(topic);
        return lag == null ? Double.NaN : lag.doubleValue();
    }

    /** One look at a time: brokers that are away answer none of them. */
    private void look(Admin asked) {
        if (looking.compareAndSet(false, true)) {
            asked.describeTopics(topics)
                    .allTopicNames()
                    .toCompletionStage()
                    .thenCompose(found -> left(asked, partitions(found)))
                    .whenComplete((found, fault) -> {
                        lags = fault == null ? found : Map.of();
                        looking.set(false);
                        if (fault != null) {
                            LOG.debugf("nobody knows what is left to consume: %s", Faults.describe(fault));
                        }
                    });
        }
    }

    private static List<TopicPartition> partitions(Map<String, TopicDescription> found) {
        List<TopicPartition> partitions = new ArrayList<>();
        found.forEach((topic, description) -> description
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    private CompletionStage<Map<String, Long>> left(Admin asked, List<TopicPartition> partitions) {
        return asked.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .toCompletionStage()
                .thenCompose(committed -> {
                    // What was never committed is consumed from its beginning (auto.offset.reset).
                    List<TopicPartition> untouched = partitions.stream()
                            .filter(partition -> committed.get(partition) == null)
                            .toList();
                    return offsets(asked, partitions, OffsetSpec.latest())
                            .thenCombine(
                                    offsets(asked, untouched, OffsetSpec.earliest()),
                                    (ends, begins) -> sum(ends, begins, committed));
                });
    }

    private static CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Admin asked, List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        return asked.listOffsets(wanted).all().toCompletionStage();
    }

    private static Map<String, Long> sum(
            Map<TopicPartition, ListOffsetsResultInfo> ends,
            Map<TopicPartition, ListOffsetsResultInfo> begins,
            Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<String, Long> lags = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata at = committed.get(partition);
            ListOffsetsResultInfo begin = begins.get(partition);
            long from = at != null ? at.offset() : begin == null ? end.offset() : begin.offset();
            lags.merge(partition.topic(), Math.max(0, end.offset() - from), Long::sum);
        });
        return Map.copyOf(lags);
    }
}
