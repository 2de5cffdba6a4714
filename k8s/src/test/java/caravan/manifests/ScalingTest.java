package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many pods there are, and who says so. */
class ScalingTest {

    /** @param least and {@code most} pods */
    record Bounds(int least, int most) {}

    private static final Map<String, Bounds> BOUNDS = Stream.concat(
                    Render.PRODUCTION.of("HorizontalPodAutoscaler"), Render.PRODUCTION.of("ScaledObject"))
            .collect(Collectors.toMap(
                    scaler -> scaler.at("spec/scaleTargetRef/name").asText(), ScalingTest::boundsOf));

    static Map<String, Bounds> bounds() {
        return BOUNDS;
    }

    /** {@code toMap} above refuses two for one. */
    @Test
    void eachServiceIsScaledByOneAndOneOnly() {
        assertThat(BOUNDS.keySet()).containsExactlyInAnyOrderElementsOf(Sources.SERVICES);
        assertThat(Stream.concat(Render.PRODUCTION.of("HorizontalPodAutoscaler"), Render.PRODUCTION.of("ScaledObject")))
                .hasSize(7);
    }

    /** A number in the manifest would undo what the scaler has decided, with each deployment. */
    @Test
    void noManifestSaysHowManyPodsAScaledServiceHas() {
        assertThat(Render.PRODUCTION.of("Deployment").filter(m -> BOUNDS.containsKey(m.name())))
                .hasSize(7)
                .allMatch(deployment -> deployment.at("spec/replicas").isMissingNode());
    }

    @Test
    void theBudgetLeavesAPodOfTheFewestThere() {
        assertThat(Render.PRODUCTION.of("PodDisruptionBudget")).hasSize(7).allSatisfy(budget -> {
            Bounds bounds = BOUNDS.getOrDefault(budget.name(), new Bounds(0, 0));
            assertThat(budget.at("spec/maxUnavailable").asInt()).isLessThan(bounds.least());
        });
    }

    @Test
    void noConsumerIsWithoutAPartition() {
        Map<String, Integer> partitions = Render.PRODUCTION
                .of("KafkaTopic")
                .collect(Collectors.toMap(
                        Manifest::name, topic -> topic.at("spec/partitions").asInt()));

        assertThat(Render.PRODUCTION.of("ScaledObject")).allSatisfy(scaler -> {
            List<String> topics =
                    triggers(scaler).map(of -> of.path("topic").asText()).toList();
            assertThat(topics)
                    .isNotEmpty()
                    .allSatisfy(topic -> assertThat(
                                    scaler.at("spec/maxReplicaCount").asInt())
                            .isLessThanOrEqualTo(partitions.getOrDefault(topic, 0)));
        });
    }

    @Test
    void consumersAreScaledByWhatTheyConsume() {
        assertThat(Render.PRODUCTION.of("ScaledObject")).allSatisfy(scaler -> {
            Set<String> consumed = Sources.consumed(scaler.name());
            assertThat(triggers(scaler).map(of -> of.path("topic").asText())).isSubsetOf(consumed);
            assertThat(triggers(scaler).map(of -> of.path("consumerGroup").asText()))
                    .containsOnly(Sources.settings(scaler.name()).getProperty("quarkus.application.name"));
        });
    }

    /** KEDA asks from a namespace of its own, where a Service's short name is nobody's. */
    @Test
    void brokersAreNamedAsAnotherNamespaceKnowsThem() {
        String suffix = "." + Render.PRODUCTION.namespace().name() + ".svc:9092";

        assertThat(Render.PRODUCTION.of("ScaledObject").flatMap(ScalingTest::triggers))
                .hasSize(6)
                .allSatisfy(
                        of -> assertThat(of.path("bootstrapServers").asText()).endsWith(suffix));
    }

    private static Stream<JsonNode> triggers(Manifest scaler) {
        return scaler.each("spec/triggers")
                .filter(trigger -> trigger.path("type").asText().equals("kafka"))
                .map(trigger -> trigger.path("metadata"));
    }

    private static Bounds boundsOf(Manifest scaler) {
        return scaler.kind().equals("ScaledObject")
                ? new Bounds(
                        scaler.at("spec/minReplicaCount").asInt(),
                        scaler.at("spec/maxReplicaCount").asInt())
                : new Bounds(
                        scaler.at("spec/minReplicas").asInt(),
                        scaler.at("spec/maxReplicas").asInt());
    }
}
