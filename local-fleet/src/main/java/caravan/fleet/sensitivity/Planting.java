package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A mutant in the copy, until it is closed: sources and classes are then what they were. */
final class Planting implements AutoCloseable {

    private static final String SOURCES = "/src/main/java/";
    private static final String RESOURCES = "/src/main/resources/";

    /** What one source becomes: the class of its name and those within. */
    private record Compiled(Path folder, String name) {

        List<Path> classes() throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.getFileName().toString().matches(name + "(\\$.*)?\\.class"))
                        .toList();
            }
        }
    }

    private final WorkingCopy copy;
    private final Map<Path, byte[]> before = new HashMap<>();
    private final List<Compiled> planted = new ArrayList<>();
    private boolean compiles = true;

    private Planting(WorkingCopy copy) {
        this.copy = copy;
    }

    /** @throws FleetException when the patch does not apply */
    static Planting of(WorkingCopy copy, Mutant mutant, Path log) {
        Planting planting = new Planting(copy);
        try {
            for (Patch.Change change : mutant.patch().changes()) {
                planting.plant(change, log);
            }
            return planting;
        } catch (IOException e) {
            planting.close();
            throw new FleetException("Cannot plant " + mutant.name() + ": " + e.getMessage(), e);
        } catch (FleetException e) {
            planting.close();
            throw e;
        }
    }

    boolean compiles() {
        return compiles;
    }

    private void plant(Patch.Change change, Path log) throws IOException {
        Path source = copy.root().resolve(change.path());
        String module = change.path().substring(0, change.path().indexOf('/'));
        String mutated = change.applyTo(Files.readString(source));
        if (change.path().startsWith(module + SOURCES)) {
            rememberClasses(module, change.path().substring((module + SOURCES).length()));
            write(source, mutated);
            compiles &= copy.compile(module, source, log);
        } else if (change.path().startsWith(module + RESOURCES)) {
            String resource = change.path().substring((module + RESOURCES).length());
            write(copy.module(module).resolve("target/classes").resolve(resource), mutated);
        } else {
            throw new FleetException("is no patch of production code: " + change.path());
        }
    }

    private void write(Path file, String text) throws IOException {
        before.put(file, Files.readAllBytes(file));
        Files.writeString(file, text);
    }

    private void rememberClasses(String module, String source) throws IOException {
        Path at = copy.module(module).resolve("target/classes");
        int name = source.lastIndexOf('/') + 1;
        Compiled own = new Compiled(
                at.resolve(source.substring(0, name)), source.substring(name).replace(".java", ""));
        for (Path each : own.classes()) {
            before.put(each, Files.readAllBytes(each));
        }
        planted.add(own);
    }

    @Override
    public void close() {
        try {
            for (Compiled own : planted) {
                for (Path each : own.classes()) {
                    Files.delete(each);
                }
            }
            for (Map.Entry<Path, byte[]> each : before.entrySet()) {
                Files.write(each.getKey(), each.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
