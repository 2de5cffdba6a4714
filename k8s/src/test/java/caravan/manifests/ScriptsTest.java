package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator runs before {@code kubectl apply}, in a fresh clone. */
class ScriptsTest {

    @TempDir
    Path folder;

    private Path k8s;

    @BeforeEach
    void cloneIt() {
        k8s = Clone.in(folder.resolve("clone"));
    }

    @Test
    void withoutSecretsTheDevOverlaySaysWhichFileIsMissing() {
        Programs.Ended ended = Programs.render(k8s.resolve("overlays/dev"));

        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains("secrets/database.env");
        // What the README says to do about it.
        assertThat(Sources.text(Path.of("k8s/README.md"))).contains("secrets/database.env: no such file or directory");
    }

    @Test
    void secretsAreMadeOnceAndForTheirOwnerAlone() throws IOException {
        Programs.Ended first = run("", "secrets");
        String made = Files.readString(k8s.resolve("overlays/dev/secrets/database.env"));
        Programs.Ended second = run("", "secrets");

        assertThat(first.code()).isZero();
        assertThat(second.code()).isNotZero();
        assertThat(second.err()).contains("is there already");
        assertThat(Files.readString(k8s.resolve("overlays/dev/secrets/database.env")))
                .isEqualTo(made);
        try (Stream<Path> files = Files.list(k8s.resolve("overlays/dev/secrets"))) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void everyClonesSecretsAreItsOwn() throws IOException {
        Path other = Clone.in(folder.resolve("other"));
        run("", "secrets");
        Programs.run("", List.of(other.resolve("secrets").toString()));

        assertThat(Files.readString(k8s.resolve("overlays/dev/secrets/gateway.env")))
                .isNotEqualTo(Files.readString(other.resolve("overlays/dev/secrets/gateway.env")));
    }

    @Test
    void aReleaseNamesEveryImageByItsDigest() {
        Programs.Ended ended = run(Render.digests(images()), "pin-images");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Workload.all(Manifest.all(Programs.rendered(k8s.resolve("release")))).stream()
                        .flatMap(Workload::containers)
                        .map(container -> container.path("image").asText()))
                .hasSizeGreaterThan(14)
                .allMatch(image -> image.matches("registry\\.example/.+@sha256:[0-9a-f]{64}"));
    }

    @Test
    void noReleaseIsMadeWhileADigestIsMissing() {
        String all = Render.digests(images().filter(image -> !image.equals("caravan/payment-service")));

        Programs.Ended ended = run(all, "pin-images");

        assertThat(ended.code()).isNotZero();
        assertThat(ended.err()).contains("caravan/payment-service");
        assertThat(k8s.resolve("release")).doesNotExist();
    }

    @Test
    void aTagIsNoDigest() {
        String all = Render.digests(images()).replaceFirst("@sha256:[0-9a-f]+", ":1.0.0");

        Programs.Ended ended = run(all, "pin-images");

        assertThat(ended.code()).isNotZero();
        assertThat(k8s.resolve("release")).doesNotExist();
    }

    @Test
    void gitSeesNeitherSecretsNorReleases() {
        assertThat(Sources.text(Path.of(".gitignore")).lines()).contains("k8s/overlays/dev/secrets/", "k8s/release/");
    }

    /** The README's loop: first what is no service, then each service, whoever hears a message before whoever says it. */
    @Test
    void anUpgradeReachesEveryObjectOnce() {
        List<String> order = List.of(
                Sources.found("k8s/README.md", "for service in ([^;]+); do").split(" "));

        assertThat(order)
                .containsExactlyInAnyOrderElementsOf(Sources.SERVICES)
                .endsWith("order-service", "saga-orchestrator", "gateway");
        assertThat(Render.RELEASE.manifests())
                .filteredOn(manifest -> manifest.labels().containsKey("caravan.dev/kind"))
                .hasSize(14)
                .allSatisfy(manifest -> {
                    assertThat(manifest.kind()).isIn("Deployment", "Service");
                    assertThat(manifest.labels()).containsEntry("caravan.dev/kind", "service");
                    assertThat(order).contains(manifest.labels().get("app.kubernetes.io/name"));
                });
    }

    /** Each folder of a service can be looked at, and taken into an overlay of somebody's own, by itself. */
    @Test
    void everyServicesFolderRendersByItself() {
        assertThat(Sources.SERVICES)
                .allSatisfy(service -> assertThat(Manifest.all(
                                Programs.rendered(k8s.resolve("base").resolve(service))))
                        .extracting(Manifest::kind)
                        .containsExactlyInAnyOrder(
                                "ConfigMap",
                                "Deployment",
                                "NetworkPolicy",
                                "PodDisruptionBudget",
                                "Service",
                                "ServiceAccount"));
    }

    private static Stream<String> images() {
        return Render.images(Render.PRODUCTION.manifests());
    }

    private Programs.Ended run(String in, String script) {
        return Programs.run(in, List.of(k8s.resolve(script).toString()));
    }
}
