package caravan.manifests;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a manifest as its cluster or operator does, and says what they would ignore: fields that they do not know, at any depth, and values of another kind. With
 * the classes that fabric8 and Strimzi make from the definitions, and with {@code shapes.yaml} where nobody makes any.
 */
final class Strict {

    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            entry("v1/Namespace", Namespace.class),
            entry("v1/ConfigMap", ConfigMap.class),
            entry("v1/Secret", Secret.class),
            entry("v1/Service", Service.class),
            entry("v1/ServiceAccount", ServiceAccount.class),
            entry("apps/v1/Deployment", Deployment.class),
            entry("apps/v1/StatefulSet", StatefulSet.class),
            entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            entry("admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy", ValidatingAdmissionPolicy.class),
            entry(
                    "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
                    ValidatingAdmissionPolicyBinding.class),
            entry("gateway.networking.k8s.io/v1/Gateway", Gateway.class),
            entry("gateway.networking.k8s.io/v1/HTTPRoute", HTTPRoute.class),
            entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
            entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
            entry("kafka.strimzi.io/v1/Kafka", Kafka.class),
            entry("kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class),
            entry("kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class),
            entry("kafka.strimzi.io/v1/KafkaUser", KafkaUser.class));

    private static final Map<String, JsonNode> SHAPES = shapes();

    private static final ObjectMapper READER = reader();

    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec");

    /** The classes keep what they do not know for later; here it is a mistake. */
    private static final class NothingIsKept extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    private Strict() {}

    /** One line for each mistake; only the first where classes are read. */
    static List<String> mistakes(Manifest manifest) {
        String type = manifest.apiVersion() + "/" + manifest.kind();
        if (TYPES.containsKey(type)) {
            return read(manifest.root(), TYPES.get(type)).toList();
        }
        if (SHAPES.containsKey(type)) {
            Stream<String> others = manifest.root().properties().stream()
                    .map(Map.Entry::getKey)
                    .filter(field -> !TOP.contains(field))
                    .map(field -> field + " is unknown");
            Stream<String> spec = Shape.misfits(SHAPES.get(type), manifest.at("spec"), "spec");
            return Stream.of(others, read(manifest.at("metadata"), ObjectMeta.class), spec)
                    .flatMap(lines -> lines)
                    .toList();
        }
        return List.of("nobody knows " + type);
    }

    private static Stream<String> read(JsonNode node, Class<?> type) {
        try {
            // As text: in a tree every whole number is a long, which is no port.
            READER.readValue(node.toString(), type);
            return Stream.empty();
        } catch (JsonMappingException e) {
            return Stream.of(e.getOriginalMessage() + " at " + e.getPathReference());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Stream.of(e.getOriginalMessage());
        }
    }

    private static ObjectMapper reader() {
        JsonMapper.Builder builder = JsonMapper.builder()
                .annotationIntrospector(new NothingIsKept())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        // value: 8080 is refused by a cluster: variables are text.
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            builder.withCoercionConfig(LogicalType.Textual, c -> c.setCoercion(shape, CoercionAction.Fail));
        }
        return builder.build();
    }

    private static Map<String, JsonNode> shapes() {
        Map<String, JsonNode> shapes = new TreeMap<>();
        Manifest.read(Path.of("src/test/resources/shapes.yaml"))
                .properties()
                .forEach(shape -> shapes.put(shape.getKey(), shape.getValue()));
        return shapes;
    }
}
