package caravan.manifests;

import static caravan.manifests.Mutant.Change.drop;
import static caravan.manifests.Mutant.Change.set;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What we deploy breaks no rule, and each rule refuses what it is for. */
class PolicyTest {

    private static final Policies POLICIES = new Policies();

    private static final String POD = "spec/template/spec/";
    private static final String CONTAINER = POD + "containers/0/";
    private static final String PUBLIC_REDIS = "redis://:word@redis:6379";
    private static final Map<String, Object> LITERAL = Map.of("name", "CARAVAN_DB_PASSWORD", "value", "caravan");
    private static final Map<String, Object> LITERAL_ADDRESS =
            Map.of("name", "CARAVAN_REDIS_URL", "value", PUBLIC_REDIS);
    private static final List<Map<String, Object>> ANYBODY = List.of(Map.of("podSelector", Map.of()));
    private static final String OTHER_IMAGE = "caravan/order-service@sha256:" + "f".repeat(64);

    @ParameterizedTest
    @EnumSource(names = {"DEV", "RELEASE"})
    void whatIsRenderedBreaksNoRule(Render render) {
        List<String> refused = render.manifests().stream()
                .flatMap(manifest ->
                        POLICIES.refusals(manifest, render.namespace()).stream().map(rule -> manifest + ": " + rule))
                .toList();

        assertThat(refused).isEmpty();
    }

    @Test
    void productionWithoutDigestsIsRefusedForThatAlone() {
        Set<String> refused = Render.PRODUCTION.manifests().stream()
                .flatMap(manifest -> POLICIES.refusals(manifest, Render.PRODUCTION.namespace()).stream())
                .collect(Collectors.toSet());

        assertThat(refused).containsExactly("every image is named by its digest");
    }

    @Test
    void whatIsAppliedBeforeTheReleaseIsNotRefused() {
        List<String> refused = DataPlane.manifests().stream()
                .flatMap(manifest -> POLICIES.refusals(manifest, Render.PRODUCTION.namespace()).stream()
                        .map(rule -> manifest + ": " + rule))
                .toList();

        assertThat(DataPlane.manifests()).isNotEmpty();
        assertThat(refused).isEmpty();
    }

    /** An object without a rule is one that was forgotten, or has nothing that could be wrong. */
    @Test
    void everyKindThatCanBeWrongHasRules() {
        Set<String> free = Render.RELEASE.manifests().stream()
                .filter(manifest -> !POLICIES.isFor(manifest, Render.RELEASE.namespace()))
                .map(Manifest::kind)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(free)
                .containsExactly(
                        "Database",
                        "Gateway",
                        "HTTPRoute",
                        "KafkaNodePool",
                        "Namespace",
                        "ObjectStore",
                        "PrometheusRule",
                        "ScheduledBackup",
                        "ServiceMonitor",
                        "TriggerAuthentication");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aMutantIsRefusedByItsRuleAlone(Mutant mutant) {
        Manifest namespace = mutant.render().namespace();
        assertThat(POLICIES.refusals(mutant.original(), namespace)).isEmpty();

        List<String> refusals = POLICIES.refusals(mutant.changed(), namespace);

        assertThat(refusals).containsExactly(mutant.rule());
    }

    @Test
    void everyRuleHasAMutant() {
        Set<String> tried = mutants().map(Mutant::rule).collect(Collectors.toSet());

        assertThat(tried).containsExactlyInAnyOrderElementsOf(Set.copyOf(POLICIES.rules()));
        assertThat(POLICIES.rules()).doesNotHaveDuplicates();
    }

    static Stream<Mutant> mutants() {
        return Stream.of(pods(), services(), scaling(), network(), settings(), kafka(), postgresql())
                .flatMap(some -> some);
    }

    private static Stream<Mutant> pods() {
        String pod = "Deployment/gateway";
        return Stream.of(
                Mutant.of("pods run as a user who is not root", pod, set(POD + "securityContext/runAsNonRoot", false)),
                Mutant.of("pods run as a user who is not root", pod, set(POD + "securityContext/runAsUser", 0)),
                Mutant.of(
                        "pods run as a user who is not root",
                        "StatefulSet/redis",
                        drop(POD + "securityContext/runAsNonRoot")),
                Mutant.of(
                        "pods use the container runtime's seccomp profile",
                        pod,
                        set(POD + "securityContext/seccompProfile/type", "Unconfined")),
                Mutant.of(
                        "no container gains privileges",
                        pod,
                        set(POD + "initContainers/0/securityContext/allowPrivilegeEscalation", true)),
                Mutant.of("no container gains privileges", pod, set(CONTAINER + "securityContext/privileged", true)),
                Mutant.of(
                        "every container drops all capabilities and adds none",
                        pod,
                        set(CONTAINER + "securityContext/capabilities/drop", List.of("NET_RAW"))),
                Mutant.of(
                        "every container drops all capabilities and adds none",
                        pod,
                        set(CONTAINER + "securityContext/capabilities/add", List.of("NET_BIND_SERVICE"))),
                Mutant.of(
                        "every container's root file system is read-only",
                        pod,
                        drop(POD + "initContainers/0/securityContext/readOnlyRootFilesystem")),
                Mutant.of(
                        "every emptyDir has a size, and none is memory",
                        pod,
                        drop(POD + "volumes/0/emptyDir/sizeLimit")),
                Mutant.of(
                        "every emptyDir has a size, and none is memory",
                        pod,
                        set(POD + "volumes/0/emptyDir/medium", "Memory")),
                Mutant.of("nothing of the node is in a pod", pod, set(POD + "hostNetwork", true)),
                Mutant.of(
                        "nothing of the node is in a pod",
                        pod,
                        set(POD + "volumes/-", Map.of("name", "node", "hostPath", Map.of("path", "/")))),
                Mutant.of("nothing of the node is in a pod", pod, set(CONTAINER + "ports/0/hostPort", 8080)),
                Mutant.of("pods have an account of their own name", pod, set(POD + "serviceAccountName", "default")),
                Mutant.of("pods have no token", pod, drop(POD + "automountServiceAccountToken")),
                Mutant.of("pods get no variables of services", pod, drop(POD + "enableServiceLinks")),
                Mutant.of(
                        "every container requests processors and memory, and its memory is limited",
                        pod,
                        drop(CONTAINER + "resources/requests/cpu")),
                Mutant.of(
                        "every container requests processors and memory, and its memory is limited",
                        pod,
                        drop(CONTAINER + "resources/limits/memory")),
                Mutant.of("no container's processors are limited", pod, set(CONTAINER + "resources/limits/cpu", "1")),
                Mutant.of("every image has a version", "StatefulSet/redis", set(CONTAINER + "image", "redis"))
                        .in(Render.DEV),
                Mutant.of("every image has a version", "StatefulSet/redis", set(CONTAINER + "image", "redis:latest"))
                        .in(Render.DEV),
                Mutant.of(
                        "every image is named by its digest", "StatefulSet/redis", set(CONTAINER + "image", "redis:8")),
                Mutant.of("no secret stands in a manifest", pod, set(CONTAINER + "env/-", LITERAL)),
                Mutant.of("no secret stands in a manifest", pod, set(CONTAINER + "env/-", LITERAL_ADDRESS)),
                Mutant.of(
                        "every port of a container has a name", "StatefulSet/redis", drop(CONTAINER + "ports/0/name")),
                Mutant.of(
                        "accounts hand out no token", "ServiceAccount/gateway", drop("automountServiceAccountToken")));
    }

    private static Stream<Mutant> services() {
        String pod = "Deployment/order-service";
        return Stream.of(
                Mutant.of(
                        "a service is known to have started by its management port",
                        pod,
                        set(CONTAINER + "startupProbe/httpGet/port", "http")),
                Mutant.of(
                        "a service is known to live by its management port",
                        pod,
                        set(CONTAINER + "livenessProbe/httpGet/path", "/q/health/ready")),
                Mutant.of(
                        "a service is known to be ready by its management port",
                        pod,
                        drop(CONTAINER + "readinessProbe")),
                Mutant.of(
                        "a service is left alone for five seconds before it stops", pod, drop(CONTAINER + "lifecycle")),
                Mutant.of(
                        "a service has more time to stop than it takes",
                        pod,
                        set(CONTAINER + "lifecycle/preStop/sleep/seconds", 25)),
                isKilledAfter(pod, 30),
                isKilledAfter("Deployment/gateway", 55),
                isKilledAfter("Deployment/notification-service", 60),
                isKilledAfter("Deployment/payment-service", 34),
                Mutant.of(
                        "no pod goes before another is there",
                        pod,
                        set("spec/strategy/rollingUpdate/maxUnavailable", 1)),
                Mutant.of(
                        "no pod goes before another is there",
                        pod,
                        set("spec/strategy/rollingUpdate/maxUnavailable", "25%")),
                Mutant.of(
                        "pods of a service are spread over zones and nodes",
                        pod,
                        drop(POD + "topologySpreadConstraints/1")),
                Mutant.of(
                        "pods of a service are spread over zones and nodes",
                        pod,
                        set(POD + "topologySpreadConstraints/0/labelSelector/matchLabels", Map.of("app", "another"))),
                Mutant.of(
                        "the image that runs is the one that has migrated",
                        pod,
                        set(POD + "initContainers/0/image", OTHER_IMAGE)),
                Mutant.of("the image that runs is the one that has migrated", pod, drop(POD + "initContainers")),
                Mutant.of(
                        "every container of a service may write to /tmp",
                        pod,
                        set(CONTAINER + "volumeMounts", List.of())),
                Mutant.of(
                        "a service serves requests and its management on ports of those names",
                        pod,
                        set(CONTAINER + "ports/1/name", "admin")));
    }

    private static Mutant isKilledAfter(String deployment, int seconds) {
        return Mutant.of(
                "a service has more time to stop than it takes",
                deployment,
                set(POD + "terminationGracePeriodSeconds", seconds));
    }

    private static Stream<Mutant> scaling() {
        String budget = "PodDisruptionBudget/gateway";
        String requests = "HorizontalPodAutoscaler/gateway";
        String lag = "ScaledObject/payment-service";
        return Stream.of(
                Mutant.of("one pod may be away, and never none", budget, set("spec/maxUnavailable", 0)),
                Mutant.of("one pod may be away, and never none", budget, set("spec/maxUnavailable", "50%")),
                Mutant.of("a pod that is not ready holds up no drain", budget, drop("spec/unhealthyPodEvictionPolicy")),
                Mutant.of("two pods are there, whatever becomes of one", requests, set("spec/minReplicas", 1)),
                Mutant.of("there is room to grow, and an end to it", requests, set("spec/maxReplicas", 3)),
                Mutant.of("there is room to grow, and an end to it", requests, set("spec/maxReplicas", 1000)),
                Mutant.of("pods go slowly", requests, set("spec/behavior/scaleDown/stabilizationWindowSeconds", 0)),
                Mutant.of("two consumers are there, whatever becomes of one", lag, set("spec/minReplicaCount", 0)),
                Mutant.of("there are no more consumers than partitions", lag, set("spec/maxReplicaCount", 13)),
                Mutant.of("there are no more consumers than partitions", lag, drop("spec/maxReplicaCount")),
                Mutant.of(
                        "consumers are scaled by their own group's lag",
                        lag,
                        set("spec/triggers/0/metadata/consumerGroup", "order-service")),
                Mutant.of(
                        "whoever asks for lags says who it is, and over TLS",
                        lag,
                        drop("spec/triggers/0/authenticationRef")),
                Mutant.of(
                        "whoever asks for lags says who it is, and over TLS",
                        lag,
                        drop("spec/triggers/0/metadata/tls")));
    }

    private static Stream<Mutant> network() {
        String policy = "NetworkPolicy/order-service";
        return Stream.of(
                Mutant.of("who may come is named", policy, set("spec/ingress/0/from", ANYBODY)),
                Mutant.of("who may come is named", policy, drop("spec/ingress/0/from")),
                Mutant.of("to which port anybody may come is named", policy, drop("spec/ingress/0/ports")),
                Mutant.of("to which port anybody may go is named", policy, drop("spec/egress/0/ports")),
                Mutant.of("nobody goes to everybody inside", policy, set("spec/egress/0/to", ANYBODY)),
                Mutant.of("services are reached inside only", "Service/order-service", set("spec/type", "NodePort")),
                Mutant.of(
                        "services name the ports of their pods",
                        "Service/order-service",
                        set("spec/ports/0/targetPort", 8080)));
    }

    private static Stream<Mutant> settings() {
        String settings = "ConfigMap/inventory-service";
        return Stream.of(
                Mutant.of("no secret stands among settings", settings, set("data/CARAVAN_DB_PASSWORD", "caravan")),
                Mutant.of("no secret stands among settings", settings, set("data/CARAVAN_REDIS_URL", PUBLIC_REDIS)));
    }

    private static Stream<Mutant> kafka() {
        String topic = "KafkaTopic/order.commands.v1";
        String user = "KafkaUser/payment-service";
        String brokers = "Kafka/caravan";
        return Stream.of(
                Mutant.of("records are on three brokers", topic, set("spec/replicas", 1)),
                Mutant.of("records are acknowledged by two brokers", topic, set("spec/config/min.insync.replicas", 1)),
                Mutant.of(
                        "records are gone before the replay window ends",
                        topic,
                        set("spec/config/retention.ms", 604800000)),
                Mutant.of("records are gone before the replay window ends", topic, set("spec/config/retention.ms", -1)),
                Mutant.of("records are gone before the replay window ends", topic, drop("spec/config/segment.ms")),
                Mutant.of(
                        "brokers are reached over TLS, by whoever says who it is",
                        brokers,
                        set("spec/kafka/listeners/0/tls", false)),
                Mutant.of(
                        "brokers are reached over TLS, by whoever says who it is",
                        brokers,
                        drop("spec/kafka/listeners/0/authentication")),
                Mutant.of("brokers ask what a user may do", brokers, drop("spec/kafka/authorization")),
                Mutant.of("brokers say who may reach them", brokers, drop("spec/kafka/listeners/0/networkPolicyPeers")),
                Mutant.of(
                        "nobody makes a topic by naming it",
                        brokers,
                        set("spec/kafka/config/auto.create.topics.enable", true)),
                Mutant.of(
                        "users of Kafka may use what is named, and read no topic by a pattern",
                        user,
                        set("spec/authorization/acls/0/resource/patternType", "prefix")),
                Mutant.of(
                        "users of Kafka may use what is named, and read no topic by a pattern",
                        user,
                        set("spec/authorization/acls/0/resource/name", "*")),
                Mutant.of(
                        "users of Kafka may make, change and delete nothing",
                        user,
                        set("spec/authorization/acls/0/operations", List.of("All"))),
                Mutant.of("users of Kafka have a password of their own", user, set("spec/authentication/type", "tls")));
    }

    private static Stream<Mutant> postgresql() {
        String databases = "Cluster/caravan-db";
        String pooler = "Pooler/caravan-pooler-rw";
        return Stream.of(
                Mutant.of("a primary has two copies", databases, set("spec/instances", 1)),
                Mutant.of("a commit is on two disks", databases, drop("spec/postgresql/synchronous")),
                Mutant.of(
                        "a commit is on two disks",
                        databases,
                        set("spec/postgresql/synchronous/dataDurability", "preferred")),
                Mutant.of(
                        "a commit is on two disks",
                        databases,
                        set("spec/postgresql/parameters/synchronous_commit", "off")),
                Mutant.of("the log is kept somewhere else", databases, drop("spec/plugins")),
                Mutant.of("a role may use its own database alone", databases, drop("spec/postgresql/pg_hba/1")),
                Mutant.of(
                        "poolers share connections by transaction", pooler, set("spec/pgbouncer/poolMode", "session")),
                Mutant.of(
                        "poolers know statements by their names",
                        pooler,
                        set("spec/pgbouncer/parameters/max_prepared_statements", "0")),
                Mutant.of(
                        "poolers say soon that there is no room",
                        pooler,
                        set("spec/pgbouncer/parameters/query_wait_timeout", "120")),
                Mutant.of("a pooler is not alone", pooler, set("spec/instances", 1)));
    }
}
