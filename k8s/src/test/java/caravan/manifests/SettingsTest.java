package caravan.manifests;

import static caravan.manifests.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every setting is one that its service reads, and every address one that is there. */
class SettingsTest {

    /** Nobody's in particular, and why it is set. */
    private static final Map<String, String> OF_THE_FRAME = Map.of(
            "JAVA_TOOL_OPTIONS", "read by the JVM itself",
            "QUARKUS_INIT_AND_EXIT", "read by Quarkus before there is an application",
            "REDIS_PASSWORD", "part of CARAVAN_REDIS_URL, put together by Kubernetes");

    /** What somebody outside serves; anything else must be a Service. */
    private static final Set<String> OUTSIDE = Set.of("cards.caravan.example", "smtp.caravan.example", "localhost");

    private static final Pattern FLAG = Pattern.compile("-(XX:[+-]?\\w+|X[a-z]{2})=?(\\w*)");
    private static final Pattern URL = Pattern.compile("[a-z]+://(?:[^@/]*@)?([^:/]+):(\\d+).*");
    private static final Pattern HOST_AND_PORT = Pattern.compile("([a-z][a-z0-9.-]+):(\\d+)");

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyVariableIsAKeyThatTheServiceDeclares(Render render) {
        List<String> strange = new ArrayList<>();
        for (Workload service : services(render)) {
            Set<Pattern> declared = SettingKeys.of(service.name());
            service.containers()
                    .flatMap(container -> variables(render, container).keySet().stream())
                    .filter(name -> !OF_THE_FRAME.containsKey(name))
                    .filter(name ->
                            declared.stream().noneMatch(key -> key.matcher(name).matches()))
                    .forEach(name -> strange.add(service.name() + " " + name));
        }

        assertThat(strange).isEmpty();
    }

    /** Of a flag that both name the JVM takes the image's, whose command line it reads last: another value would only look like one. */
    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void noSettingContradictsTheFlagsOfTheImage(Render render) {
        Map<String, String> image =
                flags(Sources.found("k8s/image/Dockerfile", "AS runtime-service\n.*?ENTRYPOINT \\[(.*?)\\]"));

        assertThat(image).containsEntry("XX:MaxMetaspaceSize", "128m");
        assertThat(Sources.SERVICES).allSatisfy(service -> {
            Map<String, String> own = flags(render.one("ConfigMap", service)
                    .at("data/JAVA_TOOL_OPTIONS")
                    .asText());
            assertThat(own).containsKey("Xmx");
            own.keySet().retainAll(image.keySet());
            assertThat(image).containsAllEntriesOf(own);
        });
    }

    private static Map<String, String> flags(String words) {
        Map<String, String> flags = new LinkedHashMap<>();
        FLAG.matcher(words).results().forEach(flag -> flags.put(flag.group(1), flag.group(2)));
        return flags;
    }

    /** So that the test above would see a typing error: neighbours of real keys are nobody's. */
    @Test
    void aMisspeltVariableIsNobodys() {
        Set<Pattern> declared = SettingKeys.of("gateway");

        assertThat(List.of(
                        "CARAVAN_GATEWAY_SECRET",
                        "CARAVAN_GATEWAY_LIMITS_POLICY_DEFAULT_QUOTA",
                        "CARAVAN_GATEWAY_FLEET_READY_SAGAS",
                        "CARAVAN_GATEWAY_BOOTSTRAP_CLIENT_ID",
                        "CARAVAN_MESSAGING_CREATE_TOPICS",
                        "CARAVAN_INSTANCE",
                        "KAFKA_SASL_JAAS_CONFIG",
                        "CARAVAN_REDIS_URL"))
                .allMatch(name ->
                        declared.stream().anyMatch(key -> key.matcher(name).matches()));
        assertThat(List.of(
                        "CARAVAN_GATEWAY_SECRETS",
                        "CARAVAN_GATEWAY_FLEET_READY_PAYMENT",
                        "CARAVAN_ORDER_CURSOR_SECRET",
                        "CARAVAN_MESSAGING_CREATETOPICS",
                        "KAFKA_SASL_JAAS"))
                .allMatch(name ->
                        declared.stream().noneMatch(key -> key.matcher(name).matches()));
    }

    /** What the local fleet tells a service, a cluster tells it as well; addresses and secrets differ, names do not. */
    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void whatTheLocalFleetSetsIsSetHereToo(Render render) {
        Set<String> notHere = new TreeSet<>(Set.of(
                // Nobody but this pod is at its address.
                "QUARKUS_HTTP_HOST",
                "QUARKUS_MANAGEMENT_HOST",
                // Somebody is left to go to when a pod stops.
                "CARAVAN_DRAIN",
                // The name is the same in the copy.
                "CARAVAN_DB_REPLICA_NAME",
                // The pooler knows statements by their names.
                "CARAVAN_DB_NAMED_STATEMENTS",
                // One service reads the variable where none is an operator's choice.
                "CARAVAN_CONSOLE_TRACE_URL",
                "CARAVAN_TRACE_SAMPLE",
                "CARAVAN_TRACE_ENDPOINT",
                "CARAVAN_MESSAGING_PARTITIONS",
                "CARAVAN_GATEWAY_TRUSTED_PROXIES"));
        if (render == Render.DEV) {
            // Neither pooler nor copy.
            notHere.addAll(Set.of("CARAVAN_DB_DIRECT_PORT", "CARAVAN_DB_REPLICA_HOST", "CARAVAN_DB_REPLICA_PORT"));
        }

        Set<String> set = services(render).stream()
                .flatMap(Workload::containers)
                .flatMap(container -> variables(render, container).keySet().stream())
                .collect(Collectors.toSet());

        assertThat(named("local-fleet/src/main/java/caravan/fleet/ServiceEnvironment.java"))
                .filteredOn(name -> !notHere.contains(name))
                .isSubsetOf(set);
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyAddressIsServed(Render render) {
        Set<String> served = served(render);
        List<String> nowhere = new ArrayList<>();
        for (Workload service : services(render)) {
            service.containers()
                    .forEach(container -> addresses(variables(render, container)).stream()
                            .filter(address -> OUTSIDE.stream().noneMatch(address::startsWith))
                            .filter(address -> !served.contains(address))
                            .forEach(address -> nowhere.add(service.name() + " " + address)));
        }

        assertThat(nowhere).isEmpty();
    }

    @Test
    void portsAreTheOnesThatTheServicesAreTold() {
        Map<String, String> fleet =
                Manifest.texts(Render.DEV.one("ConfigMap", "fleet").at("data"));

        assertThat(services(Render.DEV))
                .allMatch(service -> service.ports()
                        .equals(Map.of(
                                "http", Integer.parseInt(fleet.getOrDefault("QUARKUS_HTTP_PORT", "")),
                                "management", Integer.parseInt(fleet.getOrDefault("QUARKUS_MANAGEMENT_PORT", "")))));
    }

    private static List<Workload> services(Render render) {
        return render.workloads().stream().filter(Workload::isService).toList();
    }

    /** What a container is told, values of secrets left empty. */
    private static Map<String, String> variables(Render render, JsonNode container) {
        Map<String, String> all = new LinkedHashMap<>();
        elements(container.path("envFrom"))
                .flatMap(from -> source(render, from))
                .forEach(data -> all.putAll(Manifest.texts(data)));
        elements(container.path("env"))
                .forEach(one ->
                        all.put(one.path("name").asText(), one.path("value").asText()));
        return all;
    }

    private static Stream<JsonNode> source(Render render, JsonNode from) {
        if (from.has("configMapRef")) {
            return Stream.of(
                    render.one("ConfigMap", from.at("/configMapRef/name").asText())
                            .at("data"));
        }
        String secret = from.at("/secretRef/name").asText();
        return render.of("Secret").filter(one -> one.name().equals(secret)).map(one -> one.at("data"));
    }

    private static Set<String> addresses(Map<String, String> variables) {
        Set<String> addresses = new TreeSet<>();
        variables.forEach((name, value) -> {
            for (Pattern pattern : List.of(URL, HOST_AND_PORT)) {
                Matcher matcher = pattern.matcher(value);
                if (matcher.matches()) {
                    addresses.add(matcher.group(1) + ":" + matcher.group(2));
                }
            }
            if (name.endsWith("_HOST")) {
                String port = variables.getOrDefault(name.replaceFirst("_HOST$", "_PORT"), "no port");
                addresses.add(value + ":" + port);
            }
        });
        return addresses;
    }

    /** Services, and those that operators make. */
    private static Set<String> served(Render render) {
        Stream<String> ours = render.of("Service")
                .flatMap(service -> service.each("spec/ports")
                        .map(port -> service.name() + ":" + port.path("port").asInt()));
        Stream<String> clusters = render.of("Cluster").map(cluster -> cluster.name() + "-rw:5432");
        Stream<String> poolers = render.of("Pooler").map(pooler -> pooler.name() + ":5432");
        Stream<String> brokers = render.of("Kafka")
                .flatMap(kafka -> kafka.each("spec/kafka/listeners")
                        .map(listener -> kafka.name() + "-kafka-bootstrap:"
                                + listener.path("port").asInt()));
        return Stream.of(ours, clusters, poolers, brokers).flatMap(some -> some).collect(Collectors.toSet());
    }

    private static Set<String> named(String file) {
        Matcher matcher = Pattern.compile("\"((?:CARAVAN|QUARKUS|KAFKA)_[A-Z_]*[A-Z])\"")
                .matcher(Sources.text(java.nio.file.Path.of(file)));
        Set<String> names = new TreeSet<>();
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
