package caravan.manifests;

import static caravan.manifests.Manifest.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The network policies of a render as edges: what one end may send, and what the other may receive. */
final class Network {

    private final Render render;
    private final Set<Edge> sent = new TreeSet<>();
    private final Set<Edge> received = new TreeSet<>();

    Network(Render render) {
        this.render = render;
        render.of("NetworkPolicy").forEach(this::add);
        // Strimzi makes policies of these.
        render.of("Kafka").forEach(this::addBrokers);
    }

    /** Allowed by both ends. */
    Set<Edge> edges() {
        return sent.stream()
                .filter(edge -> edge.to().equals(Edge.OUTSIDE) || received.contains(edge))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Between pods of ours, and allowed by one end alone: a line that was forgotten, or one too many. */
    Set<Edge> halves() {
        Set<Edge> halves = new TreeSet<>(sent);
        halves.removeIf(edge -> edge.to().equals(Edge.OUTSIDE));
        halves.removeAll(received);
        Set<Edge> others = new TreeSet<>(received);
        others.removeAll(sent);
        halves.addAll(others);
        return halves;
    }

    private void add(Manifest policy) {
        pods(policy.at("spec/podSelector")).forEach(pods -> {
            policy.each("spec/egress").forEach(rule -> send(pods, rule));
            policy.each("spec/ingress").forEach(rule -> receive(pods, rule.path("from"), rule.path("ports")));
        });
    }

    private void addBrokers(Manifest kafka) {
        JsonNode selector =
                Manifest.tree(java.util.Map.of("matchLabels", java.util.Map.of("strimzi.io/cluster", kafka.name())));
        kafka.each("spec/kafka/listeners")
                .forEach(listener -> pods(selector)
                        .forEach(pods -> receive(
                                pods,
                                listener.path("networkPolicyPeers"),
                                Manifest.tree(java.util.List.of(java.util.Map.of(
                                        "port", listener.path("port").asInt()))))));
    }

    private void send(Workload from, JsonNode rule) {
        Stream<JsonNode> peers = rule.has("to")
                ? elements(rule.path("to"))
                : Stream.of(Manifest.tree(java.util.Map.of("ipBlock", "anywhere")));
        peers.filter(peer -> !peer.has("namespaceSelector"))
                .forEach(peer -> elements(rule.path("ports"))
                        .map(port -> port.path("port").asInt())
                        .forEach(port -> {
                            if (peer.has("ipBlock")) {
                                sent.add(new Edge(from.name(), Edge.OUTSIDE, port));
                            } else {
                                pods(peer.path("podSelector"))
                                        .filter(to -> to.ports().containsValue(port))
                                        .forEach(to -> sent.add(new Edge(from.name(), to.name(), port)));
                            }
                        }));
    }

    private void receive(Workload to, JsonNode peers, JsonNode ports) {
        elements(peers)
                .filter(peer -> !peer.has("namespaceSelector"))
                .flatMap(peer -> pods(peer.path("podSelector")))
                .forEach(from -> elements(ports)
                        .flatMapToInt(port -> numbers(to, port.path("port")))
                        .forEach(port -> received.add(new Edge(from.name(), to.name(), port))));
    }

    /** A pod that does not listen there does not matter. */
    private static IntStream numbers(Workload pods, JsonNode port) {
        return port.isTextual()
                ? pods.ports().entrySet().stream()
                        .filter(one -> one.getKey().equals(port.asText()))
                        .mapToInt(java.util.Map.Entry::getValue)
                : pods.ports().values().stream().mapToInt(one -> one).filter(one -> one == port.asInt());
    }

    private Stream<Workload> pods(JsonNode selector) {
        return render.workloads().stream().filter(pods -> pods.pickedBy(selector));
    }
}
