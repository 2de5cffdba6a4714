package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sources once more, built once, where mistakes are planted: the checkout itself is never touched. */
record WorkingCopy(Path root) {

    private static final Set<String> LEFT_OUT = Set.of("target", "node_modules");
    private static final String CLASS_PATH = "target/test-class-path.txt";

    /** Ten times what it takes on two busy cores. */
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(15);

    private static final Duration LONGEST_COMPILE = Duration.ofMinutes(2);

    /** @throws FleetException when it does not build */
    static WorkingCopy of(Path checkout, Path folder, String maven, Set<String> modules) {
        Path root = folder.resolve("checkout");
        try {
            copyOf(checkout, root);
        } catch (IOException e) {
            throw new FleetException("Cannot copy the sources to " + root + ": " + e.getMessage(), e);
        }
        Path log = folder.resolve("build.log");
        // Without the plugin that makes services: tests take classes.
        List<String> build = List.of(
                maven,
                "-B",
                "-o",
                "-DskipTests",
                "-Dspotless.check.skip",
                "-pl",
                String.join(",", modules),
                "-am",
                "test-compile",
                "dependency:build-classpath",
                "-Dmdep.includeScope=test",
                "-Dmdep.outputFile=" + CLASS_PATH);
        if (!Tool.succeeds(build, root, log, LONGEST_BUILD)) {
            throw new FleetException("The copy of the sources does not build: see " + log + ".");
        }
        return new WorkingCopy(root);
    }

    Path module(String name) {
        return root.resolve(name);
    }

    /** What a test of the module has before it; its own classes first. */
    String classPath(String module) {
        Path own = module(module).resolve("target");
        try {
            return String.join(
                    ":",
                    own.resolve("test-classes").toString(),
                    own.resolve("classes").toString(),
                    Files.readString(module(module).resolve(CLASS_PATH)).strip());
        } catch (IOException e) {
            throw new FleetException("Cannot read the class path of " + module + ": " + e.getMessage(), e);
        }
    }

    /** Whether the source compiles, into the classes of its module. */
    boolean compile(String module, Path source, Path log) {
        List<String> javac = List.of(
                Tool.ofJdk("javac"),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-parameters",
                "-proc:none",
                "-nowarn",
                "-d",
                module(module).resolve("target/classes").toString(),
                "-cp",
                classPath(module),
                source.toString());
        return Tool.succeeds(javac, root, log, LONGEST_COMPILE);
    }

    /** Instead of what was there. */
    static void copyOf(Path checkout, Path root) throws IOException {
        delete(root);
        copy(checkout, root);
    }

    /** Into what is there. */
    static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!folder.equals(from) && isLeftOut(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(from.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What is built, and what is nobody's source: git's, the fleet's. Maven's settings are. */
    private static boolean isLeftOut(Path folder) {
        String name = folder.getFileName().toString();
        return LEFT_OUT.contains(name) || (name.startsWith(".") && !name.equals(".mvn"));
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.toList().reversed()) {
                    Files.delete(each);
                }
            }
        }
    }
}
