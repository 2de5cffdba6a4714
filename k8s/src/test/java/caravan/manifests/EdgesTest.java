package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The network allows what is seen in traces, and what is named here with its reason; nothing else. */
class EdgesTest {

    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9000;

    private static final List<String> BEHIND_THE_GATEWAY = Sources.SERVICES.stream()
            .filter(service -> !service.equals("gateway"))
            .toList();

    @Test
    void inDevEdgesAreThoseOfTheTracesAndOfWhatIsNotTraced() {
        Set<Edge> wanted = Traces.edges(new Traces.Others(
                "kafka",
                new Edge("payment-service", "card-network", 8090),
                new Edge("notification-service", "mail", 1025)));
        wanted.addAll(untraced("postgresql"));

        assertThat(new Network(Render.DEV).edges()).isEqualTo(wanted);
    }

    @Test
    void inProductionTheyAreTheSameAndTheDataPlanesOwn() {
        Set<Edge> wanted = Traces.edges(new Traces.Others(
                "brokers",
                new Edge("payment-service", Edge.OUTSIDE, 443),
                new Edge("notification-service", Edge.OUTSIDE, 587)));
        wanted.addAll(untraced("caravan-db", "caravan-pooler-rw", "caravan-pooler-ro"));
        // Spans to the collector, which hands them to Jaeger; no span says so of itself.
        Sources.SERVICES.forEach(service -> wanted.add(new Edge(service, "otel-collector", 4318)));
        wanted.add(new Edge("otel-collector", "jaeger", 4317));
        wanted.addAll(dataPlane());

        assertThat(new Network(Render.PRODUCTION).edges()).isEqualTo(wanted);
    }

    @Test
    void whatOneEndAllowsTheOtherDoesToo() {
        assertThat(new Network(Render.DEV).halves()).isEmpty();
        // Strimzi makes the policies that let brokers talk to each other.
        assertThat(new Network(Render.PRODUCTION).halves())
                .allMatch(edge -> edge.from().equals("brokers") && edge.to().equals("brokers"));
    }

    @Test
    void nobodyIsWithoutTheRuleThatDeniesTheRest() {
        assertThat(Stream.of(Render.DEV, Render.PRODUCTION)).allSatisfy(render -> {
            Manifest deny = render.one("NetworkPolicy", "default-deny");
            assertThat(deny.at("spec/podSelector")).isEmpty();
            assertThat(deny.each("spec/policyTypes").map(type -> type.asText())).containsExactly("Ingress", "Egress");
            assertThat(deny.at("spec/ingress").isMissingNode()
                            && deny.at("spec/egress").isMissingNode())
                    .isTrue();
        });
    }

    /** A policy that names where pods may go takes the look-up of names from them; the rule that gives it back must be there as early. */
    @Test
    void whoMayGoSomewhereMayLookUpItsName() {
        assertThat(Workload.all(DataPlane.manifests()))
                .extracting(Workload::name)
                .contains("caravan-db", "caravan-pooler-rw", "brokers");
        assertThat(Stream.of(DataPlane.manifests(), Render.DEV.manifests(), Render.PRODUCTION.manifests()))
                .allSatisfy(applied -> assertThat(withoutNames(applied)).isEmpty());
    }

    private static List<String> withoutNames(List<Manifest> applied) {
        List<Manifest> policies = applied.stream()
                .filter(manifest -> manifest.kind().equals("NetworkPolicy"))
                .filter(policy -> policy.each("spec/policyTypes")
                        .anyMatch(type -> type.asText().equals("Egress")))
                .toList();
        return Workload.all(applied).stream()
                .filter(pods -> policies.stream().anyMatch(policy -> pods.pickedBy(policy.at("spec/podSelector"))))
                .filter(pods -> policies.stream()
                        .filter(policy -> pods.pickedBy(policy.at("spec/podSelector")))
                        .noneMatch(EdgesTest::asksForNames))
                .map(Workload::name)
                .toList();
    }

    private static boolean asksForNames(Manifest policy) {
        return policy.each("spec/egress")
                .flatMap(rule -> Manifest.elements(rule.path("ports")))
                .anyMatch(port -> port.path("port").asInt() == 53);
    }

    /** Who comes from other namespaces: the edge to the gateway, Prometheus to management ports. */
    @Test
    void fromElsewhereOnlyTheEdgeAndPrometheusComeToServices() {
        List<String> strangers = Render.PRODUCTION
                .of("NetworkPolicy")
                .filter(policy -> policy.each("spec/ingress")
                        .flatMap(rule -> Manifest.elements(rule.path("from")))
                        .anyMatch(peer -> peer.has("namespaceSelector")))
                .map(Manifest::name)
                .toList();

        assertThat(strangers).containsExactlyInAnyOrder("edge", "metrics", "postgresql");
        Manifest edge = Render.PRODUCTION.one("NetworkPolicy", "edge");
        assertThat(edge.at("spec/podSelector/matchLabels/app.kubernetes.io~1name")
                        .asText())
                .isEqualTo("gateway");
        assertThat(edge.at("spec/ingress/0/ports/0/port").asText()).isEqualTo("http");
        assertThat(Render.PRODUCTION
                        .one("NetworkPolicy", "metrics")
                        .at("spec/ingress/0/ports/0/port")
                        .asText())
                .isEqualTo("management");
    }

    private static Set<Edge> untraced(String... databases) {
        Set<Edge> edges = new TreeSet<>();
        for (String database : databases) {
            // Statements are no spans (decision 0025). Migrations go to the database itself, the rest to a pooler.
            Sources.SERVICES.forEach(service -> edges.add(new Edge(service, database, 5432)));
        }
        // The limits and the deny-list; the cache and the counts of views.
        edges.add(new Edge("gateway", "redis", 6379));
        edges.add(new Edge("inventory-service", "redis", 6379));
        // The catalogue, and operators: no order's trace has them.
        edges.add(new Edge("gateway", "inventory-service", HTTP));
        edges.add(new Edge("gateway", "saga-orchestrator", HTTP));
        for (String service : BEHIND_THE_GATEWAY) {
            // The console asks who is ready.
            edges.add(new Edge("gateway", service, MANAGEMENT));
            // The audit asks everybody but itself; /internal is not traced.
            if (!service.equals("saga-orchestrator")) {
                edges.add(new Edge("saga-orchestrator", service, HTTP));
            }
        }
        // Whoever verifies tokens reads the gateway's keys, which is nobody's request.
        for (String service :
                List.of("order-service", "inventory-service", "notification-service", "saga-orchestrator")) {
            edges.add(new Edge(service, "gateway", HTTP));
        }
        return edges;
    }

    /** Poolers to databases, databases to each other; and to the cluster's API and the store of backups, which have no label. */
    private static Set<Edge> dataPlane() {
        Set<Edge> edges = new TreeSet<>();
        List<String> postgresql = List.of("caravan-db", "caravan-pooler-rw", "caravan-pooler-ro");
        for (String one : postgresql) {
            postgresql.forEach(other -> edges.add(new Edge(one, other, 5432)));
            edges.add(new Edge(one, "caravan-db", 8000));
        }
        for (String one : List.of("caravan-db", "caravan-pooler-rw", "caravan-pooler-ro", "brokers")) {
            edges.add(new Edge(one, Edge.OUTSIDE, 443));
            edges.add(new Edge(one, Edge.OUTSIDE, 6443));
        }
        return edges;
    }
}
