package caravan.manifests;

import static java.util.function.Function.identity;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Topics;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Topics are those of the contract, and users may do what the code does, no more and no less. */
class KafkaTest {

    private static final Map<String, Manifest> TOPICS =
            Render.PRODUCTION.of("KafkaTopic").collect(Collectors.toMap(Manifest::name, identity()));

    /** What each says, besides replies; from the code, where no setting has it. */
    private static final Map<String, List<String>> FACTS = Map.of(
            "order-service", List.of(Topics.ORDER_EVENTS, Topics.SAGA_REPLIES),
            "inventory-service", List.of(Topics.PRODUCT_EVENTS, Topics.SAGA_REPLIES),
            "payment-service", List.of(Topics.SAGA_REPLIES),
            "shipment-service", List.of(Topics.SAGA_REPLIES),
            "notification-service", List.of(Topics.SAGA_REPLIES),
            // Commands and events of sagas; and an operator sends a dead letter back to where it came from, any topic.
            "saga-orchestrator", Topics.ALL);

    /** Read by no group: views that are made anew (PastEvents). */
    private static final Map<String, List<String>> READ_AGAIN =
            Map.of("order-service", List.of(Topics.ORDER_EVENTS, Topics.SAGA_EVENTS));

    static Stream<String> consumers() {
        return Sources.SERVICES.stream().filter(service -> !service.equals("gateway"));
    }

    @Test
    void topicsAreThoseOfTheContract() {
        assertThat(TOPICS.keySet())
                .containsExactlyInAnyOrderElementsOf(Topics.withDeadLetters().toList());
        assertThat(TOPICS.values())
                .allMatch(topic -> "caravan".equals(topic.labels().get("strimzi.io/cluster")));
    }

    /** Order by saga is order by partition: as many as everywhere else. */
    @Test
    void topicsHaveThePartitionsThatServicesWouldGiveThem() {
        int usual = Integer.parseInt(byDefault("partitions"));

        assertThat(TOPICS).allSatisfy((name, topic) -> {
            boolean quiet = name.endsWith(".dlq") || name.equals(Topics.SAGA_RETENTION);
            assertThat(topic.at("spec/partitions").asInt()).isEqualTo(quiet ? 1 : usual);
        });
    }

    @Test
    void whatKafkaCanDeliverAgainIsStillAnsweredFromTheRecord() {
        long windowMs = replayWindow().toMillis();

        assertThat(TOPICS).allSatisfy((name, topic) -> {
            JsonNode config = topic.at("spec/config");
            if (name.equals(Topics.PRODUCT_EVENTS)) {
                assertThat(config.path("cleanup.policy").asText()).isEqualTo("compact");
            } else {
                assertThat(config.path("retention.ms").asLong()
                                + config.path("segment.ms").asLong())
                        .isLessThan(windowMs);
            }
        });
    }

    @Test
    void andSoItIsInDev() {
        JsonNode broker = Render.DEV.one("ConfigMap", "kafka").at("data");

        assertThat(broker.path("KAFKA_LOG_RETENTION_HOURS").asLong()
                        + broker.path("KAFKA_LOG_ROLL_HOURS").asLong())
                .isPositive()
                .isLessThan(replayWindow().toHours());
    }

    @Test
    void aDeadLetterFitsIntoItsTopic() {
        int largest = 2 * 1024 * 1024;

        assertThat(TOPICS.values())
                .filteredOn(topic -> topic.name().endsWith(".dlq"))
                .hasSize(10)
                .allMatch(topic ->
                        topic.at("spec/config").path("max.message.bytes").asInt() == largest);
    }

    @ParameterizedTest
    @MethodSource("consumers")
    void aServiceMayReadWhatItConsumesAndNothingElse(String service) {
        Set<String> wanted = Sources.consumed(service);
        wanted.addAll(READ_AGAIN.getOrDefault(service, List.of()));

        assertThat(allowed(service, "topic", "Read")).isEqualTo(wanted);
        assertThat(allowed(service, "group", "Read")).containsExactly(service);
    }

    @ParameterizedTest
    @MethodSource("consumers")
    void aServiceMayWriteWhatItSaysAndPutAsideWhatItConsumes(String service) {
        Set<String> wanted = new TreeSet<>(FACTS.getOrDefault(service, List.of()));
        Sources.consumed(service).stream()
                // Dead letters themselves are not put aside once more.
                .filter(topic -> !topic.endsWith(".dlq"))
                .map(Topics::deadLetters)
                .forEach(wanted::add);

        assertThat(allowed(service, "topic", "Write")).isEqualTo(wanted);
    }

    /** Reading and writing need it, and nothing else does but the look at lags. */
    @ParameterizedTest
    @MethodSource("consumers")
    void aServiceMayDescribeWhatItReadsAndWrites(String service) {
        Set<String> both = allowed(service, "topic", "Read");
        both.addAll(allowed(service, "topic", "Write"));

        assertThat(allowed(service, "topic", "Describe")).isEqualTo(both);
    }

    /** How far behind every group is, for the console: so it must be told of all. */
    @Test
    void theOrchestratorMayDescribeAllGroups() {
        assertThat(allowed("saga-orchestrator", "group", "Describe")).containsExactly("*");
    }

    @Test
    void kedaMayAskWhatItScalesByAndReadNothing() {
        Set<String> topics = new TreeSet<>();
        Set<String> groups = new TreeSet<>();
        Render.PRODUCTION
                .of("ScaledObject")
                .flatMap(scaler -> scaler.each("spec/triggers"))
                .filter(trigger -> trigger.path("type").asText().equals("kafka"))
                .forEach(trigger -> {
                    topics.add(trigger.at("/metadata/topic").asText());
                    groups.add(trigger.at("/metadata/consumerGroup").asText());
                });

        assertThat(allowed("lag", "topic", "Describe")).isEqualTo(topics);
        assertThat(allowed("lag", "group", "Describe")).isEqualTo(groups);
        assertThat(allowed("lag", "topic", "Read")).isEmpty();
        assertThat(allowed("lag", "topic", "Write")).isEmpty();
        String asked =
                Render.PRODUCTION.one("ConfigMap", "lag").at("data/username").asText();
        assertThat(asked).isEqualTo("lag");
    }

    private static Set<String> allowed(String user, String type, String operation) {
        return Render.PRODUCTION
                .one("KafkaUser", user)
                .each("spec/authorization/acls")
                .filter(acl -> acl.at("/resource/type").asText().equals(type))
                .filter(acl -> Manifest.elements(acl.path("operations"))
                        .anyMatch(one -> one.asText().equals(operation)))
                .map(acl -> acl.at("/resource/name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Duration replayWindow() {
        String days = byDefault("replayWindow");
        assertThat(days).endsWith("d");
        return Duration.ofDays(Long.parseLong(days.replace("d", "")));
    }

    private static String byDefault(String setting) {
        return Sources.found(
                "common/src/main/java/caravan/common/messaging/MessagingConfig.java",
                "@WithDefault\\(\"([^\"]+)\"\\)\\s+\\w+ " + setting + "\\(\\)");
    }
}
