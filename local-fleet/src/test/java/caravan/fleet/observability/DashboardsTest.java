package caravan.fleet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards are what their source says, and Prometheus understands all they ask. That it has an answer is DashboardIT's business. */
class DashboardsTest {
    private static final Map<String, JsonObject> EXPECTED = Dashboards.all();

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeWhenAsked() throws IOException {
        if (Boolean.getBoolean("dashboards.write")) {
            for (Map.Entry<String, JsonObject> file : EXPECTED.entrySet()) {
                Files.writeString(
                        Sources.DASHBOARDS.resolve(file.getKey()),
                        file.getValue().encodePrettily() + "\n");
            }
        }
    }

    @Test
    void areFourAndWhatTheirSourceSays() {
        Map<String, JsonObject> found = Sources.in(Sources.DASHBOARDS, ".json").stream()
                .collect(Collectors.toMap(file -> file.getFileName().toString(), Sources::json));

        assertThat(EXPECTED).hasSize(4);
        assertThat(found)
                .as(
                        "made with mvn -pl local-fleet -am test -Dtest=DashboardsTest -Ddashboards.write=true -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(EXPECTED);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void askWhatPrometheusUnderstands(Path file) throws IOException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: panels\n    rules:\n");
        Sources.expressions(Sources.json(file))
                .forEach(expr -> rules.append("      - record: panel\n        expr: '")
                        .append(expr.replace("$__rate_interval", "1m").replace("'", "''"))
                        .append("'\n"));

        Path written = Files.writeString(folder.resolve("panels.yml"), rules);
        Tool.Result check = Tool.promtool("check", "rules", "--lint=none", written.toString());

        assertThat(check.exitCode()).as(check.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void haveTitlesThatAreThereOnceAndDatasourcesByUid(Path file) {
        JsonObject dashboard = Sources.json(file);

        assertThat(Sources.objects(dashboard, "panels").map(panel -> panel.getString("title")))
                .doesNotHaveDuplicates();
        assertThat(Sources.objects(dashboard, "panels")
                        .map(panel -> panel.getJsonObject("datasource").getString("uid")))
                .containsOnly("prometheus");
    }

    /** A dot on a panel is a request or a message; the datasource says where its trace is. */
    @Test
    void showExemplarsOnDurations() {
        assertThat(EXPECTED.values())
                .allSatisfy(dashboard -> assertThat(Sources.objects(dashboard, "panels")
                                .flatMap(panel -> Sources.objects(panel, "targets"))
                                .filter(target -> target.getString("expr").contains("histogram_quantile")))
                        .allMatch(target -> target.getBoolean("exemplar")));
    }

    static Stream<Path> dashboards() {
        return Sources.in(Sources.DASHBOARDS, ".json").stream();
    }
}
