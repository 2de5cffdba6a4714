package caravan.fleet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.observability.Alerts.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every alert has a unit test that saw it fire and be silent, and a runbook; and nothing has one that is no alert. */
class RulesTest {
    /** What a case expects to fire; a line of its own in the test files. */
    private static final Pattern FIRES =
            Pattern.compile("alertname=\"(\\w+)\"[^\\n]*\\n[^\\n]*\\n *exp_samples: \\[\\{");

    private static final Pattern SILENT =
            Pattern.compile("alertname=\"(\\w+)\"[^\\n]*\\n[^\\n]*\\n *exp_samples: \\[]");

    @Test
    void areUnderstoodByPrometheus() {
        Tool.Result config = Tool.promtool("check", "config", "prometheus.yml");

        assertThat(config.exitCode()).as(config.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void doWhatTheirUnitTestsSay(Path tests) {
        Tool.Result result = Tool.promtool("test", "rules", tests.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    static List<Path> tests() {
        return Alerts.tests();
    }

    @Test
    void haveEachBeenSeenToFireAndToBeSilent() {
        String text = Alerts.tests().stream().map(Sources::text).collect(Collectors.joining());

        assertThat(found(FIRES, text)).isEqualTo(names());
        assertThat(found(SILENT, text)).isEqualTo(names());
    }

    @Test
    void haveEachSeverityAndWindowSeenToFire() {
        String text = Alerts.tests().stream().map(Sources::text).collect(Collectors.joining());

        assertThat(Alerts.all())
                .allSatisfy(rule -> assertThat(text)
                        .containsPattern("alertname=\"" + rule.alert() + "\"[^\\n]*\\n[^\\n]*\\n *exp_samples: \\[.*"
                                + (rule.window().isEmpty()
                                        ? "severity=\"" + rule.severity()
                                        : "window=\"" + rule.window())));
    }

    @Test
    void sayWhatToDo() {
        assertThat(Alerts.all()).allSatisfy(rule -> {
            assertThat(rule.severity()).isIn("page", "ticket");
            assertThat(rule.annotations().getString("summary")).isNotBlank();
            assertThat(rule.annotations().getString("description")).hasSizeGreaterThan(80);
            assertThat(rule.annotations().getString("runbook_url")).isEqualTo("docs/runbooks/" + rule.alert() + ".md");
        });
    }

    @Test
    void haveARunbookEachAndNoRunbookIsWithoutAnAlert() {
        Set<String> runbooks = Sources.in(Sources.RUNBOOKS, ".md").stream()
                .map(file -> file.getFileName().toString().replace(".md", ""))
                .filter(name -> !name.equals("README"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(runbooks).isEqualTo(names());
        String index = Sources.text(Sources.RUNBOOKS.resolve("README.md"));
        assertThat(names()).allSatisfy(name -> assertThat(index).contains("(" + name + ".md)"));
    }

    @ParameterizedTest
    @MethodSource("runbooks")
    void haveRunbooksThatSayWhatItMeansWhereToLookAndHowToRepairIt(Path runbook) {
        String text = Sources.text(runbook);

        assertThat(text).contains("## What it means", "## Look at", "## Repair", "## When it is noise");
        assertThat(text.lines().filter(line -> line.matches("[123]\\. .*")).count())
                .as("three things to look at")
                .isEqualTo(3);
    }

    static Stream<Path> runbooks() {
        return Sources.in(Sources.RUNBOOKS, ".md").stream().filter(file -> !file.endsWith("README.md"));
    }

    private static Set<String> names() {
        return Alerts.all().stream().map(Rule::alert).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
