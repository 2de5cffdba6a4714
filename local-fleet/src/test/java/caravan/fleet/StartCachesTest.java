package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartCachesTest {
    private static final List<String> JVM_FLAGS = List.of("-XX:+UseSerialGC", "-Dsaid=\"C:\\a b\"");

    @TempDir
    private Path folder;

    private final List<String> console = new CopyOnWriteArrayList<>();
    private StartCaches caches;
    private Path runner;

    @BeforeEach
    void build() throws Exception {
        caches = new StartCaches(folder.resolve("aot folder"));
        runner = new Checkout(FakeService.checkout(folder.resolve("checkout"))).runnerJar("order-service");
    }

    @Test
    void withoutTheFolderThereIsNothingToKeep() {
        assertThat(flags()).isEmpty();
        assertThat(caches.recorded()).isEmpty();
    }

    @Test
    void theFirstStartRecordsAndTheOneAfterTheEndUsesIt() throws Exception {
        caches.enable();
        List<String> first = flags();
        assertThat(first).anyMatch(StartCachesTest::records);
        run(first);
        assertThat(flags()).as("did not get ready").isEqualTo(first);
        run(first);
        caches.started("order-service");
        assertThat(flags()).as("recorded, not made").isEmpty();

        make();

        List<String> second = flags();
        assertThat(second).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
        // The strict mode fails when the JVM cannot use it.
        run(java.util.stream.Stream.concat(second.stream(), java.util.stream.Stream.of("-Xshare:on"))
                .toList());
        assertThat(files()).hasSize(1);
        assertThat(console).anyMatch(line -> line.contains("order-service"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "order-service", "order-service-2", "saga-orchestrator"})
    void theHeapOfEachServiceHasRoomForTheObjectsOfItsCache(String service) throws Exception {
        caches.enable();
        List<String> jvmFlags = ServiceProgram.jvmFlags(service);
        run(jvmFlags, caches.flags(service, jvmFlags, runner));
        caches.started(service);
        make();

        List<String> cached = caches.flags(service, jvmFlags, runner);

        assertThat(cached).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
        run(jvmFlags, cached);
    }

    @Test
    void anotherBuildOrOtherFlagsRecordAgainAndTheOldCacheGoes() throws Exception {
        caches.enable();
        cacheOf(flags());
        assertThat(flags()).noneMatch(StartCachesTest::records);

        Files.write(runner.resolveSibling("more.jar"), new byte[] {1});
        assertThat(flags()).anyMatch(StartCachesTest::records);
        assertThat(files()).noneMatch(name -> name.endsWith(".jsa"));

        cacheOf(flags());
        assertThat(caches.flags("order-service", List.of("-Xmx64m"), runner)).anyMatch(StartCachesTest::records);
    }

    @Test
    void aBrokenCacheOrRecordingStopsNobody() throws Exception {
        caches.enable();
        Files.writeString(recording(flags()), "@half");
        caches.started("order-service");
        make();
        assertThat(files()).singleElement().asString().endsWith(".log");

        cacheOf(flags());
        run(flags());
    }

    private List<String> flags() {
        return caches.flags("order-service", JVM_FLAGS, runner);
    }

    private void make() {
        new StartCacheMaker(caches, console::add).makeAll();
    }

    private List<String> files() throws Exception {
        try (var files = Files.list(caches.folder())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Starts a service that ends by itself, which is the moment when a recording is written. */
    private void run(List<String> more) throws Exception {
        run(JVM_FLAGS, more);
    }

    private void run(List<String> jvmFlags, List<String> more) throws Exception {
        List<String> flags = new java.util.ArrayList<>(jvmFlags);
        flags.addAll(more);
        ProcessBuilder service =
                new ProcessBuilder(Command.java(flags, List.of("-jar", runner.toString()))).redirectErrorStream(true);
        service.environment().put("FAKE_TROUBLE", "yes");
        Process process = service.start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(3);
        assertThat(output).contains("The configuration is wrong");
    }

    private static boolean records(String flag) {
        return flag.startsWith("-XX:DumpLoadedClassList=");
    }

    private static Path recording(List<String> flags) {
        return flags.stream()
                .filter(StartCachesTest::records)
                .map(flag -> Path.of(flag.substring(flag.indexOf('=') + 1)))
                .findAny()
                .orElseThrow();
    }

    private static void cacheOf(List<String> flags) throws Exception {
        Files.writeString(Path.of(recording(flags).toString().replace(".recording", ".jsa")), "no cache");
    }
}
