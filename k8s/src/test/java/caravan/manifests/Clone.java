package caravan.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The checkout; and the manifests of it as a fresh clone has them, without the secrets and releases of whoever works here. */
final class Clone {

    /** The folder of the whole project: tests run in their module's. */
    static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<Path> NOT_IN_A_CLONE =
            Set.of(Path.of("k8s/target"), Path.of("k8s/release"), Path.of("k8s/overlays/dev/secrets"));

    private Clone() {}

    /** Makes one anew, and gives its folder {@code k8s}. */
    static Path in(Path folder) {
        try {
            remove(folder);
            for (String part : List.of("k8s", "observability")) {
                copy(CHECKOUT.resolve(part), folder.resolve(part));
            }
            return folder.resolve("k8s");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Clone::isInAClone).toList()) {
                Path copy = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static boolean isInAClone(Path file) {
        Path inside = CHECKOUT.relativize(file);
        return NOT_IN_A_CLONE.stream().noneMatch(inside::startsWith);
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
