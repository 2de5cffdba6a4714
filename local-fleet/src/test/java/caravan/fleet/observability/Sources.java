package caravan.fleet.observability;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of this checkout that are tested here. */
final class Sources {
    static final Path ROOT = root();
    static final Path OBSERVABILITY = ROOT.resolve("observability");
    static final Path PROMETHEUS = OBSERVABILITY.resolve("prometheus");
    static final Path DASHBOARDS = OBSERVABILITY.resolve("grafana/dashboards");
    static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

    private Sources() {}

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those in a folder, by their names. */
    static List<Path> in(Path folder, String suffix) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> below(Path folder, String suffix) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key that is there twice is an error. */
    static Object yaml(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text(file));
    }

    /** A file whose outermost thing has names. */
    static JsonObject map(Path file) {
        return JsonObject.mapFrom(yaml(file));
    }

    static JsonObject json(Path file) {
        return new JsonObject(text(file));
    }

    /** All expressions of a dashboard. */
    static List<String> expressions(JsonObject dashboard) {
        return objects(dashboard, "panels")
                .flatMap(panel -> objects(panel, "targets"))
                .map(target -> target.getString("expr"))
                .toList();
    }

    static Stream<JsonObject> objects(JsonObject of, String name) {
        return StreamSupport.stream(of.getJsonArray(name).spliterator(), false).map(JsonObject.class::cast);
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.isRegularFile(folder.resolve("caravan")))
                .findFirst()
                .orElseThrow();
    }
}
