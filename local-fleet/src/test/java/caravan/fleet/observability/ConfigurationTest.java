package caravan.fleet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources whose programs are not here (collector, Jaeger, Loki, Grafana) are read as what they are; Alertmanager's is asked about. */
class ConfigurationTest {
    private static final Pattern SECRET = Pattern.compile("(?i)(password|secret|token|_key): *\\S");

    @ParameterizedTest
    @MethodSource("yaml")
    void isYamlWithoutSecrets(Path file) {
        assertThat(Sources.yaml(file)).isNotEmpty().doesNotContainNull();
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
        assertThat(route(file, "page")).isEqualTo("page");
        assertThat(route(file, "ticket")).isEqualTo("ticket");
    }

    private static String route(Path file, String severity) {
        return Tool.amtool("config", "routes", "test", "--config.file=" + file, "severity=" + severity)
                .output()
                .strip();
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void usesInItsPipelinesWhatItDefinesAndNothingElse(Path file) {
        Map<?, ?> config = (Map<?, ?>) Sources.yaml(file).getFirst();

        Map<?, ?> service = (Map<?, ?>) config.get("service");
        Map<?, ?> traces = (Map<?, ?>) ((Map<?, ?>) service.get("pipelines")).get("traces");

        for (String part : List.of("receivers", "processors", "exporters")) {
            assertThat(Alerts.list(traces, part))
                    .as(part)
                    .containsExactlyInAnyOrderElementsOf(((Map<?, ?>) config.get(part)).keySet().stream().toList());
        }
        assertThat(Alerts.list(service, "extensions"))
                .containsExactlyInAnyOrderElementsOf(((Map<?, ?>) config.get("extensions")).keySet().stream().toList());
    }

    static Stream<Path> collectors() {
        return Stream.of("otel-collector/config.yaml", "jaeger/config.yaml").map(Sources.OBSERVABILITY::resolve);
    }

    @Test
    void limitsMemoryBeforeAnythingElseAndKeepsErrorsCompensationsAndSlowOrders() {
        Map<?, ?> config = (Map<?, ?>)
                Sources.yaml(Sources.OBSERVABILITY.resolve("otel-collector/config.yaml")).getFirst();
        Map<?, ?> pipelines = (Map<?, ?>) ((Map<?, ?>) config.get("service")).get("pipelines");

        assertThat(Alerts.list(pipelines.get("traces"), "processors"))
                .isEqualTo(List.of("memory_limiter", "tail_sampling", "batch"));
        Object sampling = ((Map<?, ?>) config.get("processors")).get("tail_sampling");
        assertThat(Alerts.list(sampling, "policies"))
                .extracting(policy -> ((Map<?, ?>) policy).get("type"))
                .isEqualTo(List.of("status_code", "boolean_attribute", "latency", "probabilistic"));
    }
}
