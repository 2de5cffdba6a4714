package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever upgrades is told of every migration what it needs. */
class MigrationsTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| ([a-z]+) V(\\d+) \\| .+ \\| .{5,} \\|$", Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile("V(\\d+)__.+\\.sql");

    @Test
    void theReadmeHasEveryMigrationAfterTheFirst() throws IOException {
        Set<String> there = new TreeSet<>();
        for (String service : Sources.SERVICES) {
            String database = Sources.settings(service).getProperty("caravan.db.name");
            for (int version : versions(service)) {
                if (version > 1) {
                    there.add(database + " V" + version);
                }
            }
        }

        Set<String> told = ROW.matcher(Sources.text(Path.of("k8s/README.md")))
                .results()
                .map(row -> row.group(1) + " V" + row.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told).isEqualTo(there);
    }

    private static Set<Integer> versions(String service) throws IOException {
        Path folder = Clone.CHECKOUT.resolve(service).resolve("src/main/resources/db/migration");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> FILE.matcher(file.getFileName().toString()))
                    .filter(name -> name.matches())
                    .map(name -> Integer.valueOf(name.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
