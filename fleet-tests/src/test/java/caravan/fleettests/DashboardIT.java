package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Fleet;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every panel shows something under load, and every figure that a rule or a panel asks for is one that the fleet has. */
class DashboardIT {

    /** Ranges that a panel asks for: ten scrapes. */
    private static final String INTERVAL = "10s";

    /** Names that nobody has yet, and why. */
    private static final Set<String> LATER = Set.of(
            // Nothing fires.
            "ALERTS");

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern LABELS =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring) *\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.$])[a-zA-Z_][\\w:]*(?![\\w:]* *\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool", "by", "without", "on");

    private static SteadyOrders load;

    @BeforeAll
    static void watch() {
        TheFleet.get()
                .observe(ShortenedRules.into(Path.of("target", "dashboards").toAbsolutePath()));
        load = SteadyOrders.start();
    }

    @AfterAll
    static void stop() {
        if (load != null) {
            load.close();
        }
        Fleet fleet = TheFleet.get();
        fleet.observeNoMore();
    }

    @Test
    void showsSomethingOnEveryPanelUnderLoad() {
        Set<String> empty = new TreeSet<>(panels().toList());

        await().atMost(90, SECONDS).pollInterval(2, SECONDS).untilAsserted(() -> {
            empty.removeIf(expr -> PrometheusQueries.series(live(expr)) > 0);
            assertThat(empty).isEmpty();
        });
    }

    @Test
    void asksForNothingThatTheFleetDoesNotHave() {
        Set<String> asked = Stream.concat(panels(), rules())
                .flatMap(expr -> names(expr).stream())
                .filter(name -> !LATER.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).hasSizeGreaterThan(40);
        await().atMost(60, SECONDS).pollInterval(2, SECONDS).untilAsserted(() -> {
            asked.removeAll(PrometheusQueries.names());
            assertThat(asked).isEmpty();
        });
    }

    private static String live(String expr) {
        return expr.replace("$__rate_interval", INTERVAL).replace("$job", ".+");
    }

    /** Metrics that an expression reads: what is neither a text, nor a label, nor a function, nor a word of the language. */
    private static Set<String> names(String expr) {
        String bare = LABELS.matcher(TEXT.matcher(expr).replaceAll("")).replaceAll(" ");
        return NAME.matcher(bare)
                .results()
                .map(found -> found.group())
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toSet());
    }

    private static Stream<String> panels() {
        return files("grafana/dashboards", ".json")
                .map(DashboardIT::text)
                .map(JsonObject::new)
                .flatMap(dashboard -> objects(dashboard, "panels"))
                .flatMap(panel -> objects(panel, "targets"))
                .map(target -> target.getString("expr"));
    }

    private static Stream<JsonObject> objects(JsonObject of, String name) {
        return of.getJsonArray(name).stream().map(JsonObject.class::cast);
    }

    private static Stream<String> rules() {
        return files("prometheus/rules", ".yml").flatMap(file -> expressions(text(file)).stream());
    }

    /** Of a file that is written as ours are: on the line, or below it and further in. */
    private static List<String> expressions(String rules) {
        return Pattern.compile("expr: (?:>-\\n((?: {10,}.*\\n)+)|(.*))")
                .matcher(rules)
                .results()
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .toList();
    }

    private static Stream<Path> files(String folder, String suffix) {
        try (Stream<Path> files =
                Files.list(ShortenedRules.checkout().resolve("observability").resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
