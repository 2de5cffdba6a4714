package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alerts have one copy, {@code observability/prometheus/rules}; the operator's objects are made of it, since kustomize cannot put a file into a field. */
class RulesTest {

    private static final Path RULES = Clone.CHECKOUT.resolve("observability/prometheus/rules");
    private static final Path MADE = Clone.CHECKOUT.resolve("k8s/components/metrics");

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(RULES)) {
            return files.map(file -> file.getFileName().toString().replace(".yml", "")).sorted().toList().stream();
        }
    }

    /** {@code -Drules.write=true} makes them anew. */
    @ParameterizedTest
    @MethodSource("names")
    void rulesOfTheClusterAreTheOneCopy(String name) throws IOException {
        String made = made(name);
        Path file = MADE.resolve("rules-" + name + ".yaml");
        if (Boolean.getBoolean("rules.write")) {
            Files.writeString(file, made);
        }

        assertThat(Files.readString(file)).isEqualTo(made);
    }

    @Test
    void allOfThemAreApplied() throws IOException {
        Set<String> applied = Render.PRODUCTION
                .of("PrometheusRule")
                .map(Manifest::name)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(applied).containsExactlyElementsOf(names().toList());
    }

    /** kubectl writes folded lines anew, with an empty line among them, which is white space to Prometheus. */
    @Test
    void groupsAreReadAsTheyStand() {
        assertThat(Render.PRODUCTION.of("PrometheusRule"))
                .allSatisfy(rule -> assertThat(inOneLine(rule.at("spec")))
                        .isEqualTo(inOneLine(Manifest.read(RULES.resolve(rule.name() + ".yml")))));
    }

    private static JsonNode inOneLine(JsonNode rules) {
        return Manifest.all(rules.toString().replaceAll("(\\\\n| )+", " "))
                .getFirst()
                .root();
    }

    private static String made(String name) throws IOException {
        String rules = Files.readString(RULES.resolve(name + ".yml"));
        String groups = rules.substring(rules.indexOf("groups:"))
                .stripTrailing()
                .lines()
                .map(line -> line.isEmpty() ? line : "  " + line)
                .collect(Collectors.joining("\n", "", "\n"));
        return """
                # Made from observability/prometheus/rules/%s.yml: change that, then mvn -pl k8s -am test -Dtest=RulesTest -Drules.write=true -Dsurefire.failIfNoSpecifiedTests=false
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: %s
                  labels: {app.kubernetes.io/part-of: caravan}
                spec:
                """.formatted(name, name) + groups;
    }
}
