package caravan.manifests;

import static caravan.manifests.Manifest.elements;
import static caravan.manifests.Manifest.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pods of one kind, whoever makes them.
 *
 * @param pod their spec; missing when an operator makes them
 * @param ports by name
 */
record Workload(String name, Map<String, String> labels, JsonNode pod, Map<String, Integer> ports) {

    static List<Workload> all(List<Manifest> manifests) {
        return manifests.stream().flatMap(Workload::of).toList();
    }

    private static Stream<Workload> of(Manifest manifest) {
        return switch (manifest.kind()) {
            case "Deployment", "StatefulSet" -> Stream.of(ours(manifest));
            case "Cluster" ->
                Stream.of(theirs(
                        manifest,
                        texts(manifest.at("spec/inheritedMetadata/labels")),
                        Map.of("cnpg.io/cluster", manifest.name()),
                        Map.of("postgresql", 5432, "status", 8000)));
            case "Pooler" ->
                Stream.of(theirs(
                        manifest,
                        texts(manifest.at("spec/template/metadata/labels")),
                        Map.of("cnpg.io/poolerName", manifest.name()),
                        Map.of("pgbouncer", 5432)));
            case "KafkaNodePool" ->
                Stream.of(theirs(
                        manifest,
                        texts(manifest.at("spec/template/pod/metadata/labels")),
                        Map.of(
                                "strimzi.io/cluster",
                                manifest.labels().getOrDefault("strimzi.io/cluster", ""),
                                "strimzi.io/pool-name",
                                manifest.name()),
                        Map.of("tcp-ctrlplane", 9090, "tcp-replication", 9091, "tcp-clients", 9092)));
            default -> Stream.empty();
        };
    }

    private static Workload ours(Manifest manifest) {
        JsonNode pod = manifest.at("spec/template/spec");
        Map<String, Integer> ports = new LinkedHashMap<>();
        elements(pod.path("containers"))
                .flatMap(container -> elements(container.path("ports")))
                .forEach(port -> ports.put(
                        port.path("name").asText(), port.path("containerPort").asInt()));
        return new Workload(manifest.name(), texts(manifest.at("spec/template/metadata/labels")), pod, ports);
    }

    private static Workload theirs(
            Manifest manifest, Map<String, String> own, Map<String, String> byOperator, Map<String, Integer> ports) {
        Map<String, String> labels = new LinkedHashMap<>(own);
        labels.putAll(byOperator);
        return new Workload(manifest.name(), labels, manifest.at("nowhere"), ports);
    }

    /** One of the seven. */
    boolean isService() {
        return "service".equals(labels.get("caravan.dev/kind"));
    }

    Stream<JsonNode> containers() {
        return Stream.concat(elements(pod.path("containers")), elements(pod.path("initContainers")));
    }

    /** Whether a label selector picks these pods. An empty one picks all. */
    boolean pickedBy(JsonNode selector) {
        return texts(selector.path("matchLabels")).entrySet().stream()
                        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && elements(selector.path("matchExpressions")).allMatch(this::fits);
    }

    private boolean fits(JsonNode expression) {
        if (!expression.path("operator").asText().equals("In")) {
            throw new IllegalStateException("nobody has taught the tests " + expression);
        }
        String value = labels.get(expression.path("key").asText());
        return elements(expression.path("values")).anyMatch(one -> one.asText().equals(value));
    }

    /** @param port a name, or a number that a container listens on */
    boolean listensOn(JsonNode port) {
        return port.isTextual() ? ports.containsKey(port.asText()) : ports.containsValue(port.asInt());
    }
}
