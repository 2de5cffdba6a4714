package caravan.manifests;

import static caravan.manifests.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one object says of another by labels, names and ports is so. */
class SelectorsTest {

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyServicePicksPodsThatListenWhereItSays(Render render) {
        List<String> wrong = new ArrayList<>();
        render.of("Service").forEach(service -> {
            List<Workload> picked =
                    picked(render, Manifest.tree(java.util.Map.of("matchLabels", service.at("spec/selector"))));
            service.each("spec/ports")
                    .filter(port -> picked.stream().noneMatch(pods -> pods.listensOn(port.path("targetPort"))))
                    .forEach(port -> wrong.add(service + " " + port));
            if (picked.size() != 1) {
                wrong.add(service + " picks " + picked.size());
            }
        });

        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyOtherSelectorPicksSomething(Render render) {
        Stream<JsonNode> budgets = render.of("PodDisruptionBudget").map(m -> m.at("spec/selector"));
        Stream<JsonNode> policies = render.of("NetworkPolicy").flatMap(SelectorsTest::podSelectors);
        Stream<JsonNode> spreads = render.workloads().stream()
                .flatMap(pods -> elements(pods.pod().path("topologySpreadConstraints")))
                .map(spread -> spread.path("labelSelector"));

        List<JsonNode> vain = Stream.of(budgets, policies, spreads)
                .flatMap(some -> some)
                .filter(selector -> picked(render, selector).isEmpty())
                .toList();

        assertThat(vain).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyPortOfAPolicyIsOneThatItsPodsListenOn(Render render) {
        List<String> wrong = new ArrayList<>();
        render.of("NetworkPolicy")
                .forEach(policy -> policy.each("spec/ingress")
                        .flatMap(rule -> elements(rule.path("ports")))
                        .map(port -> port.path("port"))
                        .filter(port -> picked(render, policy.at("spec/podSelector")).stream()
                                .noneMatch(pods -> pods.listensOn(port)))
                        .forEach(port -> wrong.add(policy + " " + port)));

        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyServiceOfOursHasABudgetAnAccountAndANetworkPolicy(Render render) {
        Set<String> services = render.workloads().stream()
                .filter(Workload::isService)
                .map(Workload::name)
                .collect(Collectors.toSet());

        assertThat(services).hasSize(7);
        for (String kind : List.of("PodDisruptionBudget", "ServiceAccount", "NetworkPolicy", "Service")) {
            assertThat(render.of(kind).map(Manifest::name)).as(kind).containsAll(services);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everythingIsInTheOneNamespace(Render render) {
        String namespace = render.namespace().name();

        assertThat(render.manifests().stream().filter(m -> !m.kind().equals("Namespace")))
                .allMatch(m -> m.at("metadata/namespace").asText().equals(namespace));
    }

    @Test
    void prometheusFindsAllSevenByTheirManagementPorts() {
        Manifest monitor = Render.PRODUCTION.one("ServiceMonitor", "caravan");
        var wanted = Manifest.texts(monitor.at("spec/selector/matchLabels"));
        String port = monitor.at("spec/endpoints/0/port").asText();

        List<Manifest> found = Render.PRODUCTION
                .of("Service")
                .filter(service -> service.labels().entrySet().containsAll(wanted.entrySet()))
                .toList();

        assertThat(found)
                .hasSize(7)
                .allMatch(service -> service.each("spec/ports")
                        .anyMatch(one -> one.path("name").asText().equals(port)
                                && one.path("port").asInt() == 9000));
        // Rules know a service as a job of that name.
        String job = monitor.at("spec/jobLabel").asText();
        assertThat(found)
                .allMatch(service -> service.name().equals(service.labels().get(job)));
    }

    @Test
    void theEdgeLeadsToTheGateway() {
        Manifest edge = Render.PRODUCTION.one("Gateway", "edge");
        Manifest route = Render.PRODUCTION.one("HTTPRoute", "caravan");
        JsonNode backend = route.at("spec/rules/0/backendRefs/0");

        Manifest service = Render.PRODUCTION.one("Service", backend.path("name").asText());

        assertThat(service.name()).isEqualTo("gateway");
        assertThat(service.each("spec/ports"))
                .anyMatch(port -> port.path("port").equals(backend.path("port")));
        Set<String> listeners = edge.each("spec/listeners")
                .map(listener -> listener.path("name").asText())
                .collect(Collectors.toSet());
        assertThat(Render.PRODUCTION
                        .of("HTTPRoute")
                        .flatMap(one -> one.each("spec/parentRefs"))
                        .map(parent -> parent.path("sectionName").asText()))
                .isSubsetOf(listeners)
                .hasSameSizeAs(listeners);
        // A stream of events is not cut off.
        assertThat(route.at("spec/rules/0/timeouts/request").asText()).isEqualTo("0s");
    }

    private static Stream<JsonNode> podSelectors(Manifest policy) {
        Stream<JsonNode> peers = Stream.of(policy.each("spec/ingress"), policy.each("spec/egress"))
                .flatMap(rules -> rules)
                .flatMap(rule -> Stream.concat(elements(rule.path("from")), elements(rule.path("to"))))
                // Pods of other namespaces are nowhere here.
                .filter(peer -> !peer.has("namespaceSelector") && peer.has("podSelector"))
                .map(peer -> peer.path("podSelector"));
        return Stream.concat(Stream.of(policy.at("spec/podSelector")), peers);
    }

    private static List<Workload> picked(Render render, JsonNode selector) {
        return render.workloads().stream()
                .filter(pods -> pods.pickedBy(selector))
                .toList();
    }
}
