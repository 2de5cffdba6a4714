package caravan.manifests;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a cluster is given, rendered once. */
enum Render {
    DEV("overlays/dev"),
    /** As it stands in git: no digest can be known there. */
    PRODUCTION("overlays/production"),
    /** The same with digests, which are made up here. */
    RELEASE("release"),
    POLICIES("policies");

    private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

    private static final Map<Render, List<Manifest>> DONE = new ConcurrentHashMap<>();

    private final String folder;

    Render(String folder) {
        this.folder = folder;
    }

    List<Manifest> manifests() {
        return DONE.computeIfAbsent(this, one -> Manifest.all(Programs.rendered(Prepared.K8S.resolve(one.folder))));
    }

    Stream<Manifest> of(String... kinds) {
        List<String> wanted = List.of(kinds);
        return manifests().stream().filter(manifest -> wanted.contains(manifest.kind()));
    }

    Manifest one(String kind, String name) {
        return of(kind).filter(manifest -> manifest.name().equals(name) || manifest.generatedFrom(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + kind + " " + name + " in " + this));
    }

    /** Of the namespace that all of it is in. */
    Manifest namespace() {
        return of("Namespace").findFirst().orElseThrow();
    }

    List<Workload> workloads() {
        return Workload.all(manifests());
    }

    /** Images of the pods, without tag. */
    static Stream<String> images(List<Manifest> manifests) {
        return Workload.all(manifests).stream()
                .flatMap(Workload::containers)
                .map(container -> container.path("image").asText())
                .map(image -> image.replaceFirst("@.*", "").replaceFirst(":[^:/]*$", ""))
                .distinct();
    }

    /** Lines for {@code pin-images}. */
    static String digests(Stream<String> images) {
        return images.map(image -> image + " registry.example/" + image + DIGEST)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** A clone in which the scripts have been run. */
    private static final class Prepared {
        static final Path K8S = Clone.in(Path.of("target/clone").toAbsolutePath());

        static {
            run("", "secrets");
            run(digests(images(Manifest.all(Programs.rendered(K8S.resolve(PRODUCTION.folder))))), "pin-images");
        }

        private static void run(String in, String script) {
            Programs.Ended ended = Programs.run(in, List.of(K8S.resolve(script).toString()));
            if (ended.code() != 0) {
                throw new IllegalStateException("k8s/" + script + ": " + ended.err());
            }
        }
    }
}
