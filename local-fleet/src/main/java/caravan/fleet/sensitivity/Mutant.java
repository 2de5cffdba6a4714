package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mistake that somebody could make, and the test that must find it. In a file {@code <name>.patch}: lines {@code # key: value}, then a diff.
 *
 * @param mistake in words
 * @param rule of the saga protocol that it breaks, by number; else what it breaks
 * @param module whose test it is
 * @param test {@code <class>#<method>}
 * @param properties of the test's JVM, {@code key=value} with spaces between them
 */
record Mutant(String name, String mistake, String rule, String module, String test, String properties, Patch patch) {

    private static final String SUFFIX = ".patch";
    private static final String NOTE = "# ";

    /** Those of one module one after the other, the quick ones of it first: a mistake in this program shows early. */
    private static final Comparator<Mutant> ORDER =
            Comparator.comparing(Mutant::module).thenComparing(Mutant::test).thenComparing(Mutant::name);

    static Path folder(Path checkout) {
        return checkout.resolve("local-fleet/src/mutants");
    }

    /** @throws FleetException for a file that is none */
    static List<Mutant> all(Path checkout) {
        try (Stream<Path> files = Files.list(folder(checkout))) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(Mutant::read)
                    .sorted(ORDER)
                    .toList();
        } catch (IOException e) {
            throw new FleetException("Cannot read the mutants: " + e.getMessage(), e);
        }
    }

    private static Mutant read(Path file) {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        try {
            return parse(name, Files.readAllLines(file));
        } catch (IOException | RuntimeException e) {
            throw new FleetException("The mutant " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Mutant parse(String name, List<String> lines) {
        Map<String, String> notes = new HashMap<>();
        List<String> diff = new ArrayList<>();
        for (String line : lines) {
            if (diff.isEmpty() && line.startsWith(NOTE)) {
                String[] note = line.substring(NOTE.length()).split(": ", 2);
                notes.put(note[0], note[1]);
            } else {
                diff.add(line);
            }
        }
        return new Mutant(
                name,
                must(notes, "mistake"),
                must(notes, "rule"),
                must(notes, "module"),
                must(notes, "test"),
                notes.getOrDefault("properties", ""),
                Patch.parse(diff));
    }

    private static String must(Map<String, String> notes, String key) {
        String value = notes.get(key);
        if (value == null) {
            throw new FleetException("the line '# " + key + ": …' is missing");
        }
        return value;
    }

    @Override
    public String toString() {
        return name;
    }

    String testClass() {
        return test.substring(0, test.indexOf('#'));
    }

    String testMethod() {
        return test.substring(test.indexOf('#') + 1);
    }

    /** Those of the protocol in their order, before whatever else there is. */
    int ruleNumber() {
        String first = rule.split(",", 2)[0];
        return first.matches("[0-9]+") ? Integer.parseInt(first) : Integer.MAX_VALUE;
    }

    /** Without its package. */
    String shortTest() {
        return testClass().substring(testClass().lastIndexOf('.') + 1) + "#" + testMethod();
    }
}
