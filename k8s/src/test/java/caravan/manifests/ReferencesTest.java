package caravan.manifests;

import static caravan.manifests.Manifest.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings, secrets and accounts that an object names are there: in the render, made by an operator, or in the list of what must exist. */
class ReferencesTest {

    /** A row of the README's table of secrets: the name, then the keys. */
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9-]+)` \\| (.+?) \\|", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("`([^`]+)`");

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyConfigMapThatIsNamedIsThere(Render render) {
        Set<String> there = keys(render, "ConfigMap");

        assertThat(used(render, Reference::ofConfigMap)).isNotEmpty().isSubsetOf(there);
    }

    @Test
    void inDevEverySecretIsMadeByTheScript() {
        assertThat(used(Render.DEV, Reference::ofSecret)).isNotEmpty().isSubsetOf(keys(Render.DEV, "Secret"));
    }

    @Test
    void inProductionEverySecretIsListedOrMadeByAnOperator() {
        Set<String> known = listed();
        known.addAll(madeByOperators());

        assertThat(used(Render.PRODUCTION, Reference::ofSecret)).isNotEmpty().isSubsetOf(known);
        assertThat(Render.PRODUCTION.of("Secret")).isEmpty();
    }

    /** What is listed and used by nobody would be made in vain. */
    @Test
    void everySecretThatIsListedIsUsed() {
        Set<String> names = names(used(Render.PRODUCTION, Reference::ofSecret));

        assertThat(names).containsAll(names(listed()));
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everyPodHasItsAccount(Render render) {
        Set<String> accounts = render.of("ServiceAccount").map(Manifest::name).collect(Collectors.toSet());

        assertThat(render.workloads())
                .filteredOn(pods -> !pods.pod().isMissingNode())
                .allMatch(pods ->
                        accounts.contains(pods.pod().path("serviceAccountName").asText()));
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "PRODUCTION"})
    void everythingMountedIsAVolume(Render render) {
        assertThat(render.workloads()).allSatisfy(pods -> {
            Set<String> volumes = elements(pods.pod().path("volumes"))
                    .map(volume -> volume.path("name").asText())
                    .collect(Collectors.toSet());
            // A StatefulSet's claims are named data, all of them.
            volumes.add("data");
            assertThat(pods.containers()
                            .flatMap(container -> elements(container.path("volumeMounts")))
                            .map(mount -> mount.path("name").asText()))
                    .isSubsetOf(volumes);
        });
    }

    /** The kinds of reference to something with keys; each a stream of {@code name} and {@code name/key}. */
    private static final class Reference {
        private Reference() {}

        static Stream<String> ofConfigMap(JsonNode node) {
            return Stream.of(
                            whole(node.at("/configMapRef/name")),
                            whole(node.at("/configMap/name")),
                            key(node.path("configMapKeyRef")),
                            list(node.path("configMapTargetRef")))
                    .flatMap(some -> some);
        }

        static Stream<String> ofSecret(JsonNode node) {
            return Stream.of(
                            whole(node.at("/secretRef/name")),
                            elements(node.at("/secret/items"))
                                    .map(item -> node.at("/secret/secretName").asText() + "/"
                                            + item.path("key").asText()),
                            key(node.path("secretKeyRef")),
                            list(node.path("secretTargetRef")),
                            basicAuth(node.at("/passwordSecret/name")),
                            basicAuth(node.at("/initdb/secret/name")),
                            key(node.path("accessKeyId")),
                            key(node.path("secretAccessKey")),
                            elements(node.path("certificateRefs"))
                                    .map(one -> one.path("name").asText() + "/tls.crt"))
                    .flatMap(some -> some);
        }

        private static Stream<String> whole(JsonNode name) {
            return name.isMissingNode() ? Stream.empty() : Stream.of(name.asText());
        }

        private static Stream<String> key(JsonNode reference) {
            return reference.isMissingNode()
                    ? Stream.empty()
                    : Stream.of(reference.path("name").asText() + "/"
                            + reference.path("key").asText());
        }

        private static Stream<String> list(JsonNode references) {
            return elements(references).flatMap(Reference::key);
        }

        private static Stream<String> basicAuth(JsonNode name) {
            return name.isMissingNode()
                    ? Stream.empty()
                    : Stream.of(name.asText() + "/username", name.asText() + "/password");
        }
    }

    private interface Kind {
        Stream<String> in(JsonNode node);
    }

    private static Set<String> used(Render render, Kind kind) {
        return render.manifests().stream()
                .flatMap(manifest -> nodes(manifest.root()))
                .flatMap(kind::in)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JsonNode> nodes(JsonNode root) {
        return Stream.concat(Stream.of(root), elements(root).flatMap(ReferencesTest::nodes));
    }

    private static Set<String> keys(Render render, String kind) {
        return render.of(kind)
                .flatMap(manifest -> Stream.concat(
                        Stream.of(manifest.name()),
                        manifest.at("data").properties().stream().map(field -> manifest.name() + "/" + field.getKey())))
                .collect(Collectors.toSet());
    }

    private static Set<String> listed() {
        String table = Sources.found("k8s/README.md", "### Secrets\n(.*?)\n## ");
        Set<String> listed = new TreeSet<>();
        ROW.matcher(table).results().forEach(row -> {
            listed.add(row.group(1));
            WORD.matcher(row.group(2)).results().forEach(key -> listed.add(row.group(1) + "/" + key.group(1)));
        });
        return listed;
    }

    /** Strimzi makes one for each user, and one with the certificate that clients trust. */
    private static Set<String> madeByOperators() {
        Stream<String> users = Render.PRODUCTION
                .of("KafkaUser")
                .flatMap(user -> Stream.of(user.name() + "/password", user.name() + "/sasl.jaas.config"));
        Stream<String> authorities =
                Render.PRODUCTION.of("Kafka").map(kafka -> kafka.name() + "-cluster-ca-cert/ca.crt");
        return Stream.concat(users, authorities).collect(Collectors.toSet());
    }

    private static Set<String> names(Set<String> keys) {
        return keys.stream().map(key -> key.replaceFirst("/.*", "")).collect(Collectors.toCollection(TreeSet::new));
    }
}
