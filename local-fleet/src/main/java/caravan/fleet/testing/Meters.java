package caravan.fleet.testing;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;

/** What a process says under {@code /q/metrics}: values by series, which is a name and its labels as they stand there. */
public record Meters(Map<String, Double> values) {
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** Name, labels in braces if there are any, value; an exemplar may follow. */
    private static final Pattern LINE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*})? (\\S+).*");

    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The machine's own, whose labels come and go with what the JVM does. */
    private static final Pattern MACHINE = Pattern.compile("(jvm|process|system|disk|executor|netty)_.*");

    /**
     * What no label may be: an id (eight hexadecimal digits and more, with a digit among them, or five decimal ones), an
     * address, a token, a path with something of a caller's in it.
     */
    private static final Pattern OF_SOMEBODY = Pattern.compile(
            "(?i).*(?:\\b(?=[0-9a-f-]*[0-9])[0-9a-f]{8}[0-9a-f-]*\\b|\\b[0-9]{5,}\\b|@|eyJ|tok_|Bearer|stranger).*");

    public Meters {
        values = Map.copyOf(values);
    }

    /** What the service under test says now. */
    public static Meters here() {
        return at("http://localhost:" + ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class));
    }

    /** What the process with this management address ({@code http://host:port}) says now. */
    public static Meters at(String management) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(management + "/q/metrics"))
                .timeout(BOUND)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return parse(client.send(request, BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new FleetException("Nobody tells its meters at " + management + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    static Meters parse(String text) {
        Map<String, Double> values = new TreeMap<>();
        text.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            String labels = line.group(2) == null ? "" : line.group(2);
            values.put(line.group(1) + labels, number(line.group(3)));
        });
        return new Meters(values);
    }

    /** The sum over all series of that name with these labels, each {@code name="value"}; 0 when there is none. */
    public double sum(String name, String... labels) {
        return values.entrySet().stream()
                .filter(entry ->
                        isOf(entry.getKey(), name) && Arrays.stream(labels).allMatch(entry.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    public boolean has(String name, String... labels) {
        return values.keySet().stream()
                .anyMatch(series -> isOf(series, name) && Arrays.stream(labels).allMatch(series::contains));
    }

    /** All series but those of the machine. */
    public Set<String> series() {
        Set<String> series = new TreeSet<>(values.keySet());
        series.removeIf(name -> MACHINE.matcher(name).matches());
        return series;
    }

    /** Those that {@code earlier} had not. */
    public Set<String> since(Meters earlier) {
        Set<String> fresh = series();
        fresh.removeAll(earlier.values.keySet());
        return fresh;
    }

    /** Labels that look like somebody's: ids, addresses, tokens. By series. */
    public Map<String, String> foreignLabels() {
        Map<String, String> found = new LinkedHashMap<>();
        for (String series : series()) {
            Matcher label = LABEL.matcher(series);
            while (label.find()) {
                if (OF_SOMEBODY.matcher(label.group(2)).matches()) {
                    found.put(series, label.group(2));
                }
            }
        }
        return found;
    }

    private static boolean isOf(String series, String name) {
        return series.startsWith(name) && (series.length() == name.length() || series.charAt(name.length()) == '{');
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
