package caravan.common.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rule, over the sources of the whole repository: one place for a service's meters, {@code noun.measure} for names. */
class MeterNamesTest {

    /** Which module a file is of does not matter: the rule is the same. */
    private static final Path REPOSITORY = Path.of("..");

    private static final Pattern MAKES = Pattern.compile(
            "\\b(?:Counter|Gauge|Timer|DistributionSummary|FunctionCounter|FunctionTimer|TimeGauge|LongTaskTimer)\\.builder\\("
                    + "|\\b(?:meters|registry|meterRegistry)\\s*\\.(?:counter|timer|summary|gauge\\w*|more)\\(");

    private static final Pattern NAME =
            Pattern.compile("\\b(?:builder|counter|timer|summary|gauge\\w*|red)\\(\\s*(?:meters,\\s*)?\"([^\"]+)\"");

    private static final Pattern NOUN_MEASURE = Pattern.compile("[a-z]+(?:\\.[a-z]+)+");

    /** Makes the timers that others name. */
    private static final Set<String> WITHOUT_NAMES = Set.of("Buckets.java");

    /** What is counted is the noun itself. */
    private static final Set<String> NOUNS = Set.of("messages", "reads");

    @Test
    void metersAreMadeInTheirClassesAlone() {
        assertThat(makers().keySet())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(WITHOUT_NAMES.contains(file) || file.endsWith("Metrics.java"))
                        .as(file)
                        .isTrue());
    }

    @Test
    void namesSayTheThingAndWhatIsMeasured() {
        Set<String> names = makers().values().stream()
                .flatMap(source -> NAME.matcher(source).results().map(found -> found.group(1)))
                .collect(Collectors.toSet());

        assertThat(names)
                .contains("http.requests", "saga.step.duration", "outbox.depth")
                .allSatisfy(name -> assertThat(NOUNS.contains(name)
                                || NOUN_MEASURE.matcher(name).matches())
                        .as(name)
                        .isTrue());
    }

    /** Sources that make meters, by file name. */
    private static Map<String, String> makers() {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .forEach(sources -> add(found, sources));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void add(Map<String, String> found, Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                String source = read(file);
                if (MAKES.matcher(source).find()) {
                    found.merge(String.valueOf(file.getFileName()), source, String::concat);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
