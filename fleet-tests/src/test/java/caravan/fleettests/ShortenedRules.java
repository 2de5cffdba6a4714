package caravan.fleettests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The configuration in {@code observability} with every duration divided by {@value #FACTOR}: an hour is a minute. Expressions, thresholds, labels and routes are those of
 * the files, so that a drill of minutes tests what runs in production.
 */
final class ShortenedRules {

    static final int FACTOR = 60;

    /** Divided like the rest it would be seven scrapes each quarter of a second. */
    private static final Duration SCRAPE = Duration.ofSeconds(1);

    /** Of samples that come each second a rate needs some. */
    private static final Duration SHORTEST_RANGE = Duration.ofSeconds(4);

    private static final Pattern RANGE = Pattern.compile("(\\[)(\\d+)([smhd])(])");
    private static final Pattern OFFSET = Pattern.compile("(offset )(\\d+)([smhd])()");
    private static final Pattern SETTING =
            Pattern.compile("((?:for|interval|group_wait|group_interval|repeat_interval): )(\\d+)([smhd])()");
    private static final Pattern SCRAPING =
            Pattern.compile("((?:scrape_interval|scrape_timeout|evaluation_interval): )(\\d+)([smhd])()");

    private ShortenedRules() {}

    /** Writes them into a folder and returns it. */
    static Path into(Path folder) {
        Path from = checkout().resolve("observability");
        try {
            for (String each : List.of("prometheus/rules", "alertmanager")) {
                Files.createDirectories(folder.resolve(each));
            }
            copy(from, folder, "prometheus/prometheus.yml", ShortenedRules::scraping);
            copy(from, folder, "alertmanager/alertmanager.yml", ShortenedRules::shortened);
            for (String rules : files(from.resolve("prometheus/rules"))) {
                copy(from, folder, "prometheus/rules/" + rules, ShortenedRules::shortened);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to, String file, UnaryOperator<String> change) throws IOException {
        Files.writeString(to.resolve(file), change.apply(Files.readString(from.resolve(file))));
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    static String shortened(String text) {
        String ranges = replace(RANGE, text, length -> max(length.dividedBy(FACTOR), SHORTEST_RANGE));
        String offsets = replace(OFFSET, ranges, length -> max(length.dividedBy(FACTOR), SHORTEST_RANGE));
        return replace(SETTING, offsets, length -> length.dividedBy(FACTOR));
    }

    private static String scraping(String text) {
        return replace(SCRAPING, text, _ -> SCRAPE);
    }

    private static String replace(Pattern pattern, String text, UnaryOperator<Duration> change) {
        return pattern.matcher(text)
                .replaceAll(
                        found -> found.group(1) + change.apply(length(found)).toMillis() + "ms" + found.group(4));
    }

    private static Duration length(MatchResult found) {
        long number = Long.parseLong(found.group(2));
        return switch (found.group(3)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Tests run in their module's folder. */
    static Path checkout() {
        return Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "the module is in a checkout");
    }
}
