package caravan.saga.ops;

import caravan.common.messaging.BrokerLogin;
import caravan.common.messaging.MessagingConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What every consumer group has still to read, asked of the brokers: they know it of services that are away, too. Nobody is asked
 * while nobody looks, and then at most every five seconds, however many look.
 */
@Singleton
class ConsumerLags {

    private static final Duration KNOWN_FOR = Duration.ofSeconds(5);

    /** The gateway waits two seconds for all that this service knows. */
    private static final int PATIENCE_MS = 1_500;

    /** Whoever tries consumers out makes groups; the ones that matter have more to read. */
    private static final int MOST = 100;

    /**
     * What a group has not committed of a topic.
     *
     * @param members of the group: 0 when nobody reads
     */
    record Lag(String group, String topic, int members, long records) {}

    private record Groups(
            Map<String, ConsumerGroupDescription> described,
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {

        Set<TopicPartition> partitions() {
            Set<TopicPartition> all = new HashSet<>();
            described.keySet().forEach(group -> all.addAll(partitionsOf(group)));
            return all;
        }

        /** Also those where nothing is committed yet: somebody is there to read them. */
        Set<TopicPartition> partitionsOf(String group) {
            Set<TopicPartition> all =
                    new HashSet<>(committed.getOrDefault(group, Map.of()).keySet());
            Objects.requireNonNull(described.get(group))
                    .members()
                    .forEach(member -> all.addAll(member.assignment().topicPartitions()));
            return all;
        }

        @Nullable
        Long committed(String group, TopicPartition partition) {
            OffsetAndMetadata at = committed.getOrDefault(group, Map.of()).get(partition);
            return at == null ? null : at.offset();
        }
    }

    private final MessagingConfig config;
    private final BrokerLogin login;
    private @Nullable Admin admin;
    private @Nullable CompletableFuture<List<Lag>> asked;
    private long askedAtNs;

    ConsumerLags(MessagingConfig config, BrokerLogin login) {
        this.config = config;
        this.login = login;
    }

    /** Most to read first. */
    Uni<List<Lag>> current() {
        // A copy: who does not wait for it any more must not end it for the others.
        return Uni.createFrom().completionStage(() -> lastAsked().copy());
    }

    private synchronized CompletableFuture<List<Lag>> lastAsked() {
        CompletableFuture<List<Lag>> last = asked;
        if (last == null || System.nanoTime() - askedAtNs > KNOWN_FOR.toNanos()) {
            last = look(admin()).toCompletableFuture();
            asked = last;
            askedAtNs = System.nanoTime();
        }
        return last;
    }

    void stop(@Observes ShutdownEvent event) {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(login.with(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    config.bootstrapServers(),
                    AdminClientConfig.CLIENT_ID_CONFIG,
                    config.instance() + "-groups",
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    PATIENCE_MS,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    PATIENCE_MS)));
        }
        return admin;
    }

    private static CompletionStage<List<Lag>> look(Admin asked) {
        return stage(asked.listGroups(ListGroupsOptions.forConsumerGroups()).all())
                .thenCompose(listed ->
                        groups(asked, listed.stream().map(GroupListing::groupId).collect(Collectors.toSet())))
                .thenCompose(groups -> offsets(asked, groups.partitions(), OffsetSpec.latest())
                        .thenCombine(
                                offsets(asked, groups.partitions(), OffsetSpec.earliest()),
                                (ends, begins) -> lags(groups, ends, begins)));
    }

    private static CompletionStage<Groups> groups(Admin asked, Set<String> ids) {
        Map<String, ListConsumerGroupOffsetsSpec> all = new HashMap<>();
        ids.forEach(id -> all.put(id, new ListConsumerGroupOffsetsSpec()));
        return stage(asked.describeConsumerGroups(ids).all())
                .thenCombine(stage(asked.listConsumerGroupOffsets(all).all()), Groups::new);
    }

    private static CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            Admin asked, Set<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        return stage(asked.listOffsets(wanted).all());
    }

    private static List<Lag> lags(
            Groups groups,
            Map<TopicPartition, ListOffsetsResultInfo> ends,
            Map<TopicPartition, ListOffsetsResultInfo> begins) {
        List<Lag> lags = new ArrayList<>();
        groups.described().forEach((group, described) -> {
            Map<String, Long> byTopic = new HashMap<>();
            groups.partitionsOf(group).forEach(partition -> {
                long begin = offset(begins, partition);
                Long committed = groups.committed(group, partition);
                // What was never committed is consumed from its beginning (auto.offset.reset).
                long from = committed == null ? begin : Math.max(committed, begin);
                byTopic.merge(partition.topic(), Math.max(0, offset(ends, partition) - from), Long::sum);
            });
            byTopic.forEach((topic, records) ->
                    lags.add(new Lag(group, topic, described.members().size(), records)));
        });
        return lags.stream()
                .sorted(Comparator.comparingLong(Lag::records)
                        .reversed()
                        .thenComparing(Lag::group)
                        .thenComparing(Lag::topic))
                .limit(MOST)
                .toList();
    }

    private static long offset(Map<TopicPartition, ListOffsetsResultInfo> of, TopicPartition partition) {
        ListOffsetsResultInfo found = of.get(partition);
        return found == null ? 0 : found.offset();
    }

    private static <T> CompletionStage<T> stage(KafkaFuture<T> future) {
        return future.toCompletionStage();
    }
}
