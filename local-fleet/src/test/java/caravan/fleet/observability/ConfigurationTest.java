package caravan.fleet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources whose programs are not here (collector, Jaeger, Loki, Grafana) are read as what they are; Alertmanager's is asked about. */
class ConfigurationTest {
    /** Comments may speak of them. */
    private static final Pattern SECRET = Pattern.compile("(?im)^[^#\\n]*(password|secret|token|_key): *\\S");

    @ParameterizedTest
    @MethodSource("yaml")
    void isYamlWithoutSecrets(Path file) {
        assertThat(Sources.yaml(file)).isInstanceOfAny(java.util.Map.class, java.util.List.class);
        assertThat(Sources.text(file)).doesNotContainPattern(SECRET);
    }

    static Stream<Path> yaml() {
        return Stream.of(".yml", ".yaml").flatMap(suffix -> Sources.below(Sources.OBSERVABILITY, suffix).stream());
    }

    @Test
    void tellsSomebodyOfEachSeverity() {
        Path file = Sources.OBSERVABILITY.resolve("alertmanager/alertmanager.yml");

        Tool.Result check = Tool.amtool("check-config", file.toString());

        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(route(file, "page")).endsWith("page");
        assertThat(route(file, "ticket")).endsWith("ticket");
    }

    private static String route(Path file, String severity) {
        return Tool.amtool("config", "routes", "test", "--config.file=" + file, "severity=" + severity)
                .output()
                .strip();
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void usesInItsPipelinesWhatItDefinesAndNothingElse(Path file) {
        JsonObject config = Sources.map(file);
        JsonObject service = config.getJsonObject("service");
        JsonObject traces = service.getJsonObject("pipelines").getJsonObject("traces");

        for (String part : List.of("receivers", "processors", "exporters")) {
            assertThat(used(traces, part)).as(part).isEqualTo(defined(config, part));
        }
        assertThat(used(service, "extensions")).isEqualTo(defined(config, "extensions"));
    }

    private static Set<Object> used(JsonObject by, String part) {
        return by.getJsonArray(part).stream().collect(Collectors.toSet());
    }

    private static Set<Object> defined(JsonObject config, String part) {
        return Set.copyOf(config.getJsonObject(part).fieldNames());
    }

    static Stream<Path> collectors() {
        return Stream.of("otel-collector/config.yaml", "jaeger/config.yaml").map(Sources.OBSERVABILITY::resolve);
    }

    @Test
    void limitsMemoryBeforeAnythingElseAndKeepsErrorsCompensationsAndSlowOrders() {
        JsonObject config = Sources.map(Sources.OBSERVABILITY.resolve("otel-collector/config.yaml"));

        JsonObject traces =
                config.getJsonObject("service").getJsonObject("pipelines").getJsonObject("traces");
        JsonObject sampling = config.getJsonObject("processors").getJsonObject("tail_sampling");

        assertThat(traces.getJsonArray("processors").stream().map(Object::toString))
                .containsExactly("memory_limiter", "tail_sampling", "batch");
        assertThat(Sources.objects(sampling, "policies").map(policy -> policy.getString("type")))
                .containsExactly("status_code", "boolean_attribute", "latency", "probabilistic");
    }
}
